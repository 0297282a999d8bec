package io.sallyport.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client takes nothing of what waits for it. Only bytes that the client's
 * side accepted count: what we add meanwhile, keep-alives too, gives it no more time. Closing it
 * ends whatever makes the answer.
 *
 * <p>Runs on the connection's event loop only. A write that is taken at once costs no timer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection, which is seen
final class WriteWatch extends ChannelDuplexHandler {
    /** A client counts as one that does not read after this part of the timeout. */
    private static final int STEPS = 6;

    private final Duration timeout;
    private final UnreadAnswers unread;
    private @Nullable Future<?> next;
    private Mark mark = Mark.NONE;
    private int stepsWithoutProgress;
    private Optional<String> counted = Optional.empty();

    WriteWatch(Duration timeout, UnreadAnswers unread) {
        this.timeout = timeout;
        this.unread = unread;
    }

    /** How far the client has read, in terms of what waits for it. */
    private record Mark(int first, long ofFirst, long waiting) {
        static final Mark NONE = new Mark(0, 0, 0);

        static Mark of(ChannelOutboundBuffer buffer) {
            return new Mark(
                    System.identityHashCode(buffer.current()),
                    buffer.currentProgress(),
                    buffer.totalPendingWriteBytes());
        }

        /** What waits may grow without any progress, but it only shrinks with it. */
        boolean isNoFurtherThan(Mark before) {
            return first == before.first && ofFirst == before.ofFirst && waiting >= before.waiting;
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (next == null && isWaiting(context.channel())) {
            mark = Mark.of(context.channel().unsafe().outboundBuffer());
            schedule(context);
        }
    }

    private static boolean isWaiting(Channel channel) {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer != null && !buffer.isEmpty();
    }

    private void schedule(ChannelHandlerContext context) {
        var step = timeout.toNanos() / STEPS;
        next = context.executor().schedule(() -> look(context), step, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        next = null;
        if (!isWaiting(context.channel())) {
            reads();
            return;
        }
        var now = Mark.of(context.channel().unsafe().outboundBuffer());
        var waits = now.isNoFurtherThan(mark);
        mark = now;
        if (!waits) {
            reads();
        } else if (!mayWait(context.channel())) {
            context.close();
            return;
        }
        schedule(context);
    }

    private void reads() {
        stepsWithoutProgress = 0;
        counted.ifPresent(unread::giveBack);
        counted = Optional.empty();
    }

    private boolean mayWait(Channel channel) {
        stepsWithoutProgress++;
        if (stepsWithoutProgress >= STEPS) {
            return false;
        }
        if (counted.isEmpty()) {
            var reader = unread.reader(channel);
            counted = unread.take(reader) ? Optional.of(reader) : Optional.empty();
        }
        return counted.isPresent();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            FramePace.resume(context.channel());
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (next != null) {
            next.cancel(false);
        }
        reads();
        context.fireChannelInactive();
    }
}
