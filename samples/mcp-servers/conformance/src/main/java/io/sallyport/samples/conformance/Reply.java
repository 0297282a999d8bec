package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.EventStream;
import io.sallyport.samples.wire.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The answer to one POST: JSON, or a stream as soon as there is something to say before it. */
final class Reply {

    private final Exchange exchange;
    private Optional<EventStream> stream = Optional.empty();

    Reply(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Sends a message that is not the response. */
    synchronized void send(JsonNode message) {
        stream().send(message);
    }

    /** Sends the response, which is the last message. {@code status} is lost on a stream. */
    synchronized void finish(int status, JsonNode response) throws IOException {
        if (stream.isPresent()) {
            stream.get().send(response);
            stream.get().close();
        } else {
            exchange.answer(status, response);
        }
    }

    /** Ends without the response: the client may resume after {@code event}. */
    synchronized void breakOff(String event, Duration retry) {
        stream().prime(event, retry);
        stream().close();
    }

    /** Ends without the response, for a client that wants none any more. */
    synchronized void abandon() throws IOException {
        stream().close();
    }

    private EventStream stream() {
        if (stream.isEmpty()) {
            stream = Optional.of(open());
        }
        return stream.get();
    }

    private EventStream open() {
        try {
            return exchange.stream();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
