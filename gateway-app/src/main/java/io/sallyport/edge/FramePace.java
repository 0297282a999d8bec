package io.sallyport.edge;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Lets frames come while the client takes them: whoever writes asks for many ahead, and would have
 * them wait in the connection's buffer, where nobody counts them. What waits there is at most
 * Netty's high-water mark of 64 KiB and the frames that were on their way when it was reached.
 *
 * <p>Looks at the connection on its event loop, after what came was written.
 */
final class FramePace implements CoreSubscriber<DataBuffer>, Subscription {
    private static final AttributeKey<FramePace> WAITING = AttributeKey.valueOf("sallyport.frames");

    private final CoreSubscriber<? super DataBuffer> writer;
    private final Channel channel;
    private final AtomicLong wanted = new AtomicLong();
    private final AtomicLong mayCome;
    private final AtomicBoolean looks = new AtomicBoolean();
    private Subscription frames = Operators.emptySubscription();

    /**
     * @param ahead frames that may be on their way at once
     */
    FramePace(CoreSubscriber<? super DataBuffer> writer, Channel channel, int ahead) {
        this.writer = writer;
        this.channel = channel;
        mayCome = new AtomicLong(ahead);
    }

    /** The connection takes more again; on its event loop. */
    static void resume(Channel channel) {
        Optional.ofNullable(channel.attr(WAITING).getAndSet(null)).ifPresent(FramePace::ask);
    }

    @Override
    public Context currentContext() {
        return writer.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        frames = subscription;
        writer.onSubscribe(this);
    }

    @Override
    public void onNext(DataBuffer frame) {
        writer.onNext(frame);
        mayCome.incrementAndGet();
        look();
    }

    @Override
    public void onError(Throwable failure) {
        writer.onError(failure);
    }

    @Override
    public void onComplete() {
        writer.onComplete();
    }

    @Override
    public void request(long more) {
        wanted.accumulateAndGet(more, Operators::addCap);
        look();
    }

    @Override
    public void cancel() {
        frames.cancel();
    }

    /** One look for all that comes in one go. */
    private void look() {
        if (looks.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(this::ask);
            } catch (RejectedExecutionException _) {
                cancel(); // the server has stopped
            }
        }
    }

    private void ask() {
        looks.set(false);
        if (channel.isActive() && !channel.isWritable()) {
            channel.attr(WAITING).set(this);
            return;
        }
        var now = Math.min(wanted.get(), mayCome.get());
        if (now > 0) {
            wanted.addAndGet(-now);
            mayCome.addAndGet(-now);
            frames.request(now);
        }
    }
}
