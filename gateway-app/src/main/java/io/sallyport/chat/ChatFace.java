package io.sallyport.chat;

import io.sallyport.chat.GovernedFace.Ports;
import io.sallyport.edge.HeldBody;
import io.sallyport.threads.BlockingFlux;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.Undertaking;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code POST /v1/chat/completions}. */
final class ChatFace {
    /** Parsing more than this would hold up the other connections of an event loop. */
    private static final int SMALL_BYTES = 256 * 1024;

    /** Parsing more than this would hold up everything else on a virtual thread's carrier. */
    private static final int LARGE_BYTES = 1024 * 1024;

    /** 20 MiB of the smallest nodes take two seconds on a slow machine. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Planner planner;
    private final PassThroughFace passThrough;
    private final GovernedFace governed;
    private final Ports ports;

    ChatFace(Planner planner, PassThroughFace passThrough, GovernedFace governed, Ports ports) {
        this.planner = planner;
        this.passThrough = passThrough;
        this.governed = governed;
        this.ports = ports;
    }

    Mono<ServerResponse> complete(ServerRequest request) {
        var call = ChatCall.of(request);
        return Mono.defer(() -> plan(call, RequestBody.of(call.exchange())))
                .flatMap(plan -> answer(call, plan))
                .onErrorResume(failure -> Answers.error(call, Answers.errorOf(call, failure)));
    }

    private Mono<Plan> plan(ChatCall call, byte[] body) {
        if (body.length <= SMALL_BYTES) {
            return Mono.just(planner.plan(body, call.headers(), call.caller()));
        }
        var planning = new Undertaking(HeldBody.retain(call.exchange()));
        return BlockingFlux.<Plan>from(
                        ports.workers().threads(), plan -> plan.emit(planned(call, body, planning)))
                .single()
                .doFinally(_ -> planning.giveUp());
    }

    /** A client that leaves stops waiting, but not the planner: the body is held until it ends. */
    private Plan planned(ChatCall call, byte[] body, Undertaking planning)
            throws InterruptedException {
        Supplier<Plan> work =
                () -> planning.run(() -> planner.plan(body, call.headers(), call.caller()));
        if (body.length <= LARGE_BYTES) {
            return work.get();
        }
        var tenant = call.caller().key().tenant().value();
        return switch (ports.compute().run(tenant, LONGEST, work::get)) {
            case ComputePool.Outcome.Done<Plan>(var plan) -> plan;
            case ComputePool.Outcome.OutOfTime<Plan>(), ComputePool.Outcome.Overloaded<Plan>() ->
                    throw new ChatFailure(ChatError.overloaded());
        };
    }

    private Mono<ServerResponse> answer(ChatCall call, Plan plan) {
        return switch (plan) {
            case Plan.PassThrough it -> passThrough.answer(call, it);
            case Plan.Governed it ->
                    equipped(call, it).flatMap(full -> governed.answer(call, full));
        };
    }

    /** With the server's tools in it; what is not worked out yet is, where nobody else waits. */
    private Mono<Plan.Governed> equipped(ChatCall call, Plan.Governed plan) {
        var known = planner.equipped(plan, call);
        return known.isPresent()
                ? Mono.just(known.get())
                : BlockingFlux.<Plan.Governed>from(
                                ports.workers().threads(),
                                full -> full.emit(planner.equippedInTime(plan, call)))
                        .single();
    }
}
