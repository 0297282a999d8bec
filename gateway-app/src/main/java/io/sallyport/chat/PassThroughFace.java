package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import io.sallyport.chat.GovernedFace.Ports;
import io.sallyport.gate.UnderWay;
import io.sallyport.gate.Workers;
import io.sallyport.provider.ModelFailure;
import io.sallyport.provider.ModelProvider;
import io.sallyport.provider.ModelRequest;
import io.sallyport.recording.RunRecords;
import io.sallyport.recording.RunRecords.RunEnd;
import io.sallyport.recording.RunRecords.RunStart;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests without server tools: the answer is the provider's. Its start is recorded while the
 * provider works, and nothing of the answer leaves before that record and the record of its end are
 * durable.
 */
final class PassThroughFace {
    private final ModelProvider provider;
    private final RunRecords records;
    private final Ports ports;

    PassThroughFace(Ports ports) {
        provider = ports.provider();
        records = ports.records();
        this.ports = ports;
    }

    Mono<ServerResponse> answer(ChatCall call, Plan.PassThrough plan) {
        var run = new Run(call, call.start(plan), request(call, plan), new AtomicBoolean());
        return plan.request().stream()
                ? Answers.stream(call, Flux.defer(() -> frames(run, started(run))))
                : Mono.defer(() -> whole(run, started(run)));
    }

    /**
     * @param ended whether its end was recorded: it ends once, whatever comes afterwards
     */
    private record Run(ChatCall call, RunStart start, ModelRequest request, AtomicBoolean ended) {}

    private static ModelRequest request(ChatCall call, Plan.PassThrough plan) {
        var model = plan.model();
        return new ModelRequest(
                call.caller().key().tenant(),
                model.targets().getFirst(),
                plan.request().body(),
                model.limits().runTimeout(),
                call.room());
    }

    private <T> Mono<T> end(Run run) {
        return ports.end(run.call().caller().principal());
    }

    private StartRecord started(Run run) {
        return new StartRecord(records.started(run.start()));
    }

    private Mono<ServerResponse> whole(Run run, StartRecord started) {
        return Mono.firstWithSignal(
                        this.<ObjectNode>end(run), once(provider.complete(run.request()), started))
                .doOnError(failure -> end(run, failure, Usage.UNKNOWN))
                .doOnCancel(() -> end(run, "client_gone", "", Usage.UNKNOWN))
                .flatMap(answer -> answered(run, answer));
    }

    private Mono<ServerResponse> answered(Run run, ObjectNode answer) {
        var ended = end(run, "ok", "", Usage.of(answer.path("usage")));
        return ended.then(Mono.defer(() -> Answers.json(run.call(), JsonText.write(answer))));
    }

    /** The item or the failure, once the start is recorded. */
    private static <T> Mono<T> once(Mono<T> mono, StartRecord started) {
        return mono.onErrorResume(failure -> started.required().then(Mono.error(failure)))
                .flatMap(item -> started.required().thenReturn(item));
    }

    private Flux<byte[]> frames(Run run, StartRecord started) {
        var relay = new Relay(choices(run), run.request());
        return events(run, started)
                .filter(relay::isForClient)
                .map(relay::frame)
                .onErrorComplete(failure -> failure instanceof ModelFailure && relay.isWhole())
                .doOnError(failure -> end(run, failure, relay.usage()))
                .doOnCancel(() -> end(run, "client_gone", "", relay.usage()))
                .concatWith(Flux.defer(() -> ended(run, relay)));
    }

    private static int choices(Run run) {
        var asked = run.request().body().path("n");
        return asked.isIntegralNumber() ? Math.max(1, asked.asInt(1)) : 1;
    }

    private Flux<String> events(Run run, StartRecord started) {
        var events =
                provider.stream(run.request())
                        .onErrorResume(failure -> started.required().then(Mono.error(failure)))
                        .flatMapMany(started::before)
                        .skip(1); // what tells that it was accepted
        return Cut.off(events, end(run));
    }

    private Flux<byte[]> ended(Run run, Relay relay) {
        var ended =
                relay.isWhole()
                        ? end(run, "ok", "", relay.usage())
                        : end(run, ModelFailure.cut(), relay.usage());
        return ended.thenMany(Flux.defer(relay::lastFrames));
    }

    private Mono<Boolean> end(Run run, Throwable failure, Usage usage) {
        return end(run, status(failure), ChatFailure.errorOf(failure).code(), usage);
    }

    private static String status(Throwable failure) {
        return switch (failure) {
            case Workers.CutOff _, InterruptedException _, UnderWay.Stopped _ -> "stopped";
            case Throwable _ -> "failed";
        };
    }

    /** Starts to write the record at once; completes when it is durable, fails if it cannot be. */
    private Mono<Boolean> end(Run run, String status, String cause, Usage usage) {
        if (run.ended().getAndSet(true)) {
            return Mono.just(true);
        }
        var end =
                new RunEnd(
                        status,
                        cause,
                        1,
                        0,
                        usage.prompt(),
                        usage.completion(),
                        run.call().micros());
        return StartRecord.durable(records.finished(run.start(), end));
    }
}
