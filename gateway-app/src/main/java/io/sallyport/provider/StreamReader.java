package io.sallyport.provider;

import io.sallyport.threads.Await;
import java.util.Optional;
import reactor.core.publisher.Flux;

/**
 * Reads a provider's stream on a virtual thread, event by event. Closing it, or interrupting the
 * reading thread, cancels the provider call.
 */
public final class StreamReader implements AutoCloseable {
    /** Few, so that a slow client slows the provider down instead of filling memory. */
    private static final int PREFETCH = 16;

    private final Await.Items<String> events;
    private boolean done;

    private StreamReader(Await.Items<String> events) {
        this.events = events;
    }

    /** From here on the provider works; {@code events} are those of a {@link ModelStream}. */
    public static StreamReader open(Flux<String> events) {
        return new StreamReader(Await.items(events, PREFETCH));
    }

    /**
     * The next payload, or empty at the end. The body is read beyond {@link ModelStream#DONE}, so
     * that its connection can be used again, but nothing of it is returned.
     *
     * @throws ModelFailure if the stream breaks before its end
     */
    public Optional<String> next() throws InterruptedException {
        var event = read();
        if (event.filter(ModelStream.DONE::equals).isPresent()) {
            drain();
            return Optional.empty();
        }
        return event;
    }

    /** Whether the provider said that the stream is at its end. */
    public boolean isDone() {
        return done;
    }

    private void drain() throws InterruptedException {
        done = true;
        while (read().isPresent()) {
            // what follows the end is nobody's
        }
    }

    private Optional<String> read() throws InterruptedException {
        try {
            return events.next();
        } catch (ModelFailure e) {
            if (done) {
                return Optional.empty(); // the answer was whole before the connection broke
            }
            throw e;
        }
    }

    @Override
    public void close() {
        events.close();
    }
}
