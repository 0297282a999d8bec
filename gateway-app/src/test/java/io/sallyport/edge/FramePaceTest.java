package io.sallyport.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** What a client does not take stays with whoever makes it, where it is counted in bytes. */
class FramePaceTest {
    /** Netty's high-water mark, and what the writer asks for at once. */
    private static final int MARK = 64 * 1024;

    private static final int WRITER = 128;

    private final EmbeddedChannel client =
            new EmbeddedChannel(
                    new WriteWatch(Duration.ofMinutes(1), new UnreadAnswers(Integer.MAX_VALUE)));
    private final AtomicLong made = new AtomicLong();

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    /** Writes without a flush, as the server does until its event loop turns. */
    private final class Writer implements CoreSubscriber<DataBuffer> {
        private boolean done;

        @Override
        public void onSubscribe(Subscription frames) {
            frames.request(WRITER);
        }

        @Override
        public void onNext(DataBuffer frame) {
            var _ = client.write(Unpooled.wrappedBuffer(new byte[frame.readableByteCount()]));
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            done = true;
        }
    }

    private Writer write(int frames, int bytes, int ahead) {
        var writer = new Writer();
        var factory = DefaultDataBufferFactory.sharedInstance;
        Flux.range(0, frames)
                .doOnNext(_ -> made.incrementAndGet())
                .<DataBuffer>map(_ -> factory.wrap(new byte[bytes]))
                .transform(
                        Operators.<DataBuffer, DataBuffer>lift(
                                (_, next) -> new FramePace(next, client, ahead)))
                .subscribe(writer);
        client.runPendingTasks();
        return writer;
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "1, 70000", "1, 1048576", "16, 4096", "16, 100"})
    void noMoreComesThanTheMarkAndWhatWasOnItsWay(int ahead, int bytes) {
        var writer = write(100_000, bytes, ahead);

        assertThat(made.get() * bytes).isLessThan(MARK + (ahead + 1L) * (bytes + 200));
        assertThat(made).hasValueLessThanOrEqualTo(WRITER);
        assertThat(writer.done).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "1, 70000", "16, 4096"})
    void allComesToAClientThatTakesIt(int ahead, int bytes) {
        var writer = write(WRITER, bytes, ahead);
        while (!writer.done) {
            var before = made.get();
            client.flush(); // the client takes all that waits
            client.releaseOutbound();
            client.runPendingTasks();
            assertThat(writer.done || made.get() > before).isTrue();
        }

        assertThat(made).hasValue(WRITER);
    }

    @Test
    void aClientThatHasLeftIsNotWaitedFor() {
        var _ = client.close();

        assertThat(write(10, MARK, 1).done).isTrue();
    }
}
