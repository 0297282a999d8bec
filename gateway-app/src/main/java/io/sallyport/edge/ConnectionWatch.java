package io.sallyport.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Watches one connection from both sides of the HTTP codec. A head that does not end in time is
 * answered 408; an ambiguous one 400, and nothing that follows it is read. Where the client is
 * still sending when we close, its bytes are thrown away for a while: closing at once would reset
 * the connection, and the client would never see why.
 *
 * <p>Runs on the connection's event loop only. A head that comes in one piece costs no timer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection, which is seen
final class ConnectionWatch {
    /** Long enough for an answer to arrive, too short to be worth holding on to. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Duration headTimeout;
    private boolean inHead;
    private boolean inBody;
    private boolean refused;
    private boolean lingering;
    private boolean answering;
    private int unanswered;
    private @Nullable Future<?> deadline;
    private @Nullable HttpResponseStatus refusal;

    private ConnectionWatch(Duration headTimeout) {
        this.headTimeout = headTimeout;
    }

    /** Adds a watch to a connection that has its codec. */
    static void over(ChannelPipeline pipeline, Duration headTimeout) {
        var watch = new ConnectionWatch(headTimeout);
        pipeline.addFirst("sallyport.bytes", watch.new Bytes());
        pipeline.addAfter(NettyPipeline.HttpCodec, "sallyport.messages", watch.new Messages());
    }

    private void startTimer(ChannelHandlerContext context) {
        deadline =
                context.executor()
                        .schedule(
                                () -> expire(context),
                                headTimeout.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    /** An answer that is still being given, to a request before this one, is not cut off. */
    private void expire(ChannelHandlerContext context) {
        if (unanswered > 0) {
            startTimer(context);
        } else {
            answer(context, HttpResponseStatus.REQUEST_TIMEOUT);
        }
    }

    /** The last thing that is said on this connection; past the codec, which may be broken. */
    private void answer(ChannelHandlerContext context, HttpResponseStatus status) {
        refused = true;
        var text = "HTTP/1.1 " + status + "\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        context.pipeline()
                .firstContext()
                .writeAndFlush(Unpooled.copiedBuffer(text, US_ASCII))
                .addListener(_ -> context.pipeline().close());
    }

    private void stopTimer() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private boolean isClientSending() {
        return inHead || inBody || refused;
    }

    private void linger(ChannelHandlerContext context, ChannelPromise promise) {
        lingering = true;
        ((DuplexChannel) context.channel()).shutdownOutput();
        context.channel().config().setAutoRead(true);
        context.executor()
                .schedule(() -> context.close(promise), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Before the codec. */
    private final class Bytes extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (lingering) {
                ReferenceCountUtil.release(message);
                return;
            }
            inHead = inHead || !inBody;
            context.fireChannelRead(message);
            if (inHead && deadline == null) {
                startTimer(context);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            stopTimer();
            context.fireChannelInactive();
        }

        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            stopTimer();
            if (lingering || !isClientSending() || !context.channel().isActive()) {
                context.close(promise);
            } else {
                linger(context, promise);
            }
        }
    }

    /** After the codec. */
    private final class Messages extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (refused) {
                ReferenceCountUtil.release(message);
                return;
            }
            var broken = message instanceof HttpObject part && part.decoderResult().isFailure();
            if (broken
                    || message instanceof HttpRequest request && !RequestFraming.isClear(request)) {
                ReferenceCountUtil.release(message);
                refuse(context, (HttpObject) message);
                return;
            }
            follow(message);
            context.fireChannelRead(message);
        }

        private void follow(Object message) {
            if (message instanceof HttpRequest) {
                stopTimer();
                inHead = false;
                inBody = true;
                unanswered++;
            }
            if (message instanceof LastHttpContent) {
                inBody = false;
            }
        }

        /**
         * Answers in place of the application, unless it is answering: then this request is
         * dropped, and whoever waits for its body gives up by himself.
         */
        private void refuse(ChannelHandlerContext context, HttpObject message) {
            stopTimer();
            refused = true;
            refusal = RequestFraming.status(message.decoderResult().cause());
            var awaited = message instanceof HttpRequest ? 0 : 1;
            if (unanswered <= awaited && !answering) {
                answer(context, refusal);
            }
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            context.write(message, promise);
            if (message instanceof HttpObject && !isInterim(message)) {
                answering = !(message instanceof LastHttpContent);
                unanswered -= answering ? 0 : 1;
            }
            if (refusal != null && unanswered == 0) {
                answer(context, refusal);
            }
        }

        private static boolean isInterim(Object message) {
            return message instanceof HttpResponse response
                    && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
    }
}
