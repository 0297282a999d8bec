package io.sallyport.upstream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.EventStreamFault;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.EgressRefusal;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.FaultDetail;
import java.time.Duration;
import java.util.Arrays;
import reactor.core.publisher.Mono;

/** What broke below, in the words of an upstream. */
public final class Faults {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int UNSUPPORTED_VERSION = -32_022;

    /** In bytes: more than anybody is shown of it. */
    private static final int MAX_WORDS = 2 * 1024;

    private static final Duration WORDS_PATIENCE = Duration.ofSeconds(1);

    private Faults() {}

    public static UpstreamException of(Throwable thrown) {
        return switch (thrown) {
            case UpstreamException known -> known;
            case EgressFailure failure -> of(failure);
            case EventStreamFault _, AnswerTooLarge _ ->
                    new UpstreamException(UpstreamFailure.RESPONSE_TOO_LARGE, true);
            case Throwable _ -> new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true);
        };
    }

    private static UpstreamException of(EgressFailure thrown) {
        return switch (thrown) {
            case EgressFailure.Denied denied -> new UpstreamException(denied.refusal());
            case EgressFailure.LimitReached _ ->
                    new UpstreamException(UpstreamFailure.OVER_LIMIT, false);
            case EgressFailure.Overloaded _ ->
                    new UpstreamException(UpstreamFailure.OVERLOADED, true);
            case EgressFailure.ConnectFailed failed -> of(failed);
            case EgressFailure.TimedOut late ->
                    new UpstreamException(UpstreamFailure.TIMED_OUT, late.sent());
            case EgressFailure.Broken _ -> new UpstreamException(UpstreamFailure.UNREACHABLE, true);
            case EgressFailure.Encoded _ -> new UpstreamException(UpstreamFailure.ENCODED, true);
            case EgressFailure.TooLarge _ ->
                    new UpstreamException(UpstreamFailure.RESPONSE_TOO_LARGE, true);
        };
    }

    /** A name without an address is what an address that is not permitted is, for whoever asks. */
    private static UpstreamException of(EgressFailure.ConnectFailed failed) {
        var detail = FaultDetail.of(failed.reason());
        return failed.reason() == FaultDetail.Cause.UNKNOWN_NAME
                ? new UpstreamException(EgressRefusal.ADDRESS, detail)
                : new UpstreamException(UpstreamFailure.UNREACHABLE, false, detail);
    }

    /** A status with which the answer to a request cannot come. */
    public static UpstreamException ofStatus(int status) {
        return ofStatus(status, "");
    }

    private static UpstreamException ofStatus(int status, String words) {
        return new UpstreamException(failure(status), true, FaultDetail.ofStatus(status, words));
    }

    /** The same with the beginning of what the answer says, if that comes soon. */
    public static Mono<UpstreamException> ofReply(EgressReply reply) {
        return reply.body()
                .take(WORDS_PATIENCE)
                .scan(new byte[0], Faults::join)
                .takeUntil(it -> it.length >= MAX_WORDS)
                .last()
                .map(it -> new String(it, 0, Math.min(it.length, MAX_WORDS), UTF_8))
                .onErrorReturn("")
                .map(words -> ofStatus(reply.status(), words));
    }

    private static byte[] join(byte[] words, byte[] more) {
        var both = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, both, words.length, more.length);
        return both;
    }

    private static UpstreamFailure failure(int status) {
        if (status >= 300 && status < 400) {
            return UpstreamFailure.REDIRECT;
        }
        if (status >= 500) {
            return UpstreamFailure.SERVER_ERROR;
        }
        return status == UNAUTHORIZED || status == FORBIDDEN
                ? UpstreamFailure.UNAUTHORISED
                : UpstreamFailure.HTTP_ERROR;
    }

    /** An error in place of what the server must be able to say. */
    public static UpstreamException ofError(UpstreamReply.RpcError error) {
        var cause =
                error.code() == UNSUPPORTED_VERSION
                        ? FaultDetail.Cause.VERSION
                        : FaultDetail.Cause.RPC_ERROR;
        return new UpstreamException(
                UpstreamFailure.PROTOCOL_ERROR, true, FaultDetail.of(cause, error.message()));
    }

    /** The same, for a request that was still waiting for its session. */
    public static UpstreamException unsent(Throwable thrown) {
        var fault = of(thrown);
        return fault.refusal().isPresent()
                ? fault
                : new UpstreamException(fault.failure(), false, fault.detail());
    }

    public static UpstreamReply failed(Throwable thrown) {
        if (thrown instanceof AnswerTooLarge tooLarge) {
            return new UpstreamReply.TooLarge(tooLarge.oversize());
        }
        var fault = of(thrown);
        return new UpstreamReply.Failed(fault.failure(), fault.sent());
    }
}
