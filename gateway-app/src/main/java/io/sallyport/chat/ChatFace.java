package io.sallyport.chat;

import io.sallyport.bridge.BlockingFlux;
import java.util.concurrent.ExecutorService;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code POST /v1/chat/completions}. */
final class ChatFace {
    /** Parsing more than this would hold up the other connections of an event loop. */
    private static final int SMALL_BYTES = 256 * 1024;

    private final Planner planner;
    private final PassThroughFace passThrough;
    private final GovernedFace governed;
    private final ExecutorService threads;

    ChatFace(
            Planner planner,
            PassThroughFace passThrough,
            GovernedFace governed,
            ExecutorService threads) {
        this.planner = planner;
        this.passThrough = passThrough;
        this.governed = governed;
        this.threads = threads;
    }

    Mono<ServerResponse> complete(ServerRequest request) {
        var call = ChatCall.of(request);
        return RequestBody.read(call.exchange().getRequest())
                .flatMap(body -> plan(call, body))
                .flatMap(plan -> answer(call, plan))
                .onErrorResume(failure -> Answers.error(call, Answers.errorOf(call, failure)));
    }

    private Mono<Plan> plan(ChatCall call, byte[] body) {
        if (body.length <= SMALL_BYTES) {
            return Mono.just(planner.plan(body, call.headers(), call.caller()));
        }
        return BlockingFlux.<Plan>from(
                        threads,
                        plan -> plan.emit(planner.plan(body, call.headers(), call.caller())))
                .single();
    }

    private Mono<ServerResponse> answer(ChatCall call, Plan plan) {
        return switch (plan) {
            case Plan.PassThrough it -> passThrough.answer(call, it);
            case Plan.Governed it -> governed.answer(call, it);
        };
    }
}
