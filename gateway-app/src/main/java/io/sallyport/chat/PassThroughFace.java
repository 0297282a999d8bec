package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import io.sallyport.gate.RunRecords;
import io.sallyport.gate.RunRecords.RunEnd;
import io.sallyport.gate.RunRecords.RunStart;
import io.sallyport.upstream.ModelProvider;
import io.sallyport.upstream.ModelRequest;
import io.sallyport.upstream.ModelStream;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests without server tools: the answer is the provider's. Its start is recorded while the
 * provider works, and nothing of the answer leaves before that record and the record of its end are
 * durable.
 */
final class PassThroughFace {
    private final ModelProvider provider;
    private final RunRecords records;

    PassThroughFace(ModelProvider provider, RunRecords records) {
        this.provider = provider;
        this.records = records;
    }

    Mono<ServerResponse> answer(ChatCall call, Plan.PassThrough plan) {
        var run = new Run(call, call.start(plan), request(call, plan));
        var started = new Started(records.started(run.start()));
        return plan.request().stream() ? streamed(run, started) : whole(run, started);
    }

    private record Run(ChatCall call, RunStart start, ModelRequest request) {}

    private static ModelRequest request(ChatCall call, Plan.PassThrough plan) {
        var model = plan.model();
        return new ModelRequest(
                call.caller().key().tenant(),
                model.targets().getFirst(),
                plan.request().body(),
                model.limits().runTimeout());
    }

    private Mono<ServerResponse> whole(Run run, Started started) {
        return once(provider.complete(run.request()), started)
                .doOnError(_ -> end(run, "failed", Usage.UNKNOWN))
                .doOnCancel(() -> end(run, "client_gone", Usage.UNKNOWN))
                .flatMap(answer -> answered(run, answer));
    }

    private Mono<ServerResponse> answered(Run run, ObjectNode answer) {
        var ended = end(run, "ok", Usage.of(answer.path("usage")));
        return ended.then(Mono.defer(() -> Answers.json(run.call(), JsonText.write(answer))));
    }

    /** The item or the failure, once the start is recorded. */
    private static <T> Mono<T> once(Mono<T> mono, Started started) {
        return mono.onErrorResume(failure -> started.required().then(Mono.error(failure)))
                .flatMap(item -> started.required().thenReturn(item));
    }

    private Mono<ServerResponse> streamed(Run run, Started started) {
        return provider.stream(run.request())
                .onErrorResume(failure -> started.required().then(Mono.error(failure)))
                .flatMap(stream -> discardedUnless(started, stream))
                .doOnError(_ -> end(run, "failed", Usage.UNKNOWN))
                .doOnCancel(() -> end(run, "client_gone", Usage.UNKNOWN))
                .flatMap(stream -> Answers.stream(run.call(), frames(run, stream)));
    }

    private static Mono<ModelStream> discardedUnless(Started started, ModelStream stream) {
        return started.required().thenReturn(stream).doOnError(_ -> stream.discard());
    }

    private Flux<byte[]> frames(Run run, ModelStream stream) {
        var relay = new Relay();
        return stream.events()
                .filter(relay::isForClient)
                .map(relay::frame)
                .doOnError(_ -> end(run, "failed", relay.usage()))
                .doOnCancel(() -> end(run, "client_gone", relay.usage()))
                .concatWith(Flux.defer(() -> ended(run, relay)));
    }

    private Flux<byte[]> ended(Run run, Relay relay) {
        var status = relay.isDone() ? "ok" : "failed";
        return end(run, status, relay.usage()).thenMany(Flux.defer(relay::lastFrames));
    }

    /** Starts to write the record at once; completes when it is durable, fails if it cannot be. */
    private Mono<Boolean> end(Run run, String status, Usage usage) {
        var end = new RunEnd(status, 1, 0, usage.prompt(), usage.completion(), run.call().micros());
        return Started.durable(records.finished(run.start(), end));
    }

    /** Tokens as the provider counted them, −1 for unknown. */
    record Usage(long prompt, long completion) {
        static final Usage UNKNOWN = new Usage(-1, -1);

        static Usage of(JsonNode usage) {
            return new Usage(
                    usage.path("prompt_tokens").asLong(-1),
                    usage.path("completion_tokens").asLong(-1));
        }
    }
}
