package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import io.sallyport.error.Reason;
import io.sallyport.gate.Workers;
import io.sallyport.recording.PastCalls;
import io.sallyport.recording.PastCalls.Told;
import io.sallyport.recording.StoreFailure;
import java.util.Map;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /v1/calls/{record}}: why a call was denied, or how it ended, for whoever made it. */
final class CallsFace {
    private final PastCalls calls;
    private final Workers workers;

    CallsFace(PastCalls calls, Workers workers) {
        this.calls = calls;
        this.workers = workers;
    }

    Mono<ServerResponse> one(ServerRequest request) {
        var call = ChatCall.of(request);
        var record = request.pathVariable("record");
        return workers.run(() -> told(call, record)).flatMap(it -> it);
    }

    private Mono<ServerResponse> told(ChatCall call, String record) throws InterruptedException {
        try {
            return switch (calls.find(call.caller().principal(), record)) {
                case Told.Found(var past) -> Answers.json(call, JsonText.write(past));
                case Told.Unknown() ->
                        Answers.error(call, ChatError.of(404, Reason.NOT_FOUND, "Not found."));
                case Told.Busy() -> Answers.error(call, busy());
            };
        } catch (StoreFailure _) {
            return Answers.error(
                    call, ChatError.of(503, Reason.STORE_UNAVAILABLE, "The store is unavailable."));
        }
    }

    private static ChatError busy() {
        return new ChatError(
                429,
                Reason.RATE_LIMITED.code(),
                "Too many calls are looked up just now; try again in a second.",
                "",
                Map.of("retry-after", "1"));
    }
}
