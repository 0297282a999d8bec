package io.sallyport.bridge.wire;

import io.sallyport.bridge.EgressFailure;
import io.sallyport.bridge.EventStreamFault;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;

/** What broke below, in the words of an upstream. */
public final class Faults {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private Faults() {}

    public static UpstreamFault of(Throwable thrown) {
        return switch (thrown) {
            case UpstreamFault known -> known;
            case EgressFailure failure -> of(failure);
            case EventStreamFault _, AnswerTooLarge _ ->
                    new UpstreamFault(UpstreamFailure.RESPONSE_TOO_LARGE, true);
            case Throwable _ -> new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true);
        };
    }

    private static UpstreamFault of(EgressFailure thrown) {
        return switch (thrown) {
            case EgressFailure.Denied denied -> new UpstreamFault(denied.refusal());
            case EgressFailure.LimitReached _ ->
                    new UpstreamFault(UpstreamFailure.OVER_LIMIT, false);
            case EgressFailure.Overloaded _ -> new UpstreamFault(UpstreamFailure.OVERLOADED, true);
            case EgressFailure.ConnectFailed _ ->
                    new UpstreamFault(UpstreamFailure.UNREACHABLE, false);
            case EgressFailure.TimedOut late ->
                    new UpstreamFault(UpstreamFailure.TIMED_OUT, late.sent());
            case EgressFailure.Broken _ -> new UpstreamFault(UpstreamFailure.UNREACHABLE, true);
            case EgressFailure.Encoded _ -> new UpstreamFault(UpstreamFailure.ENCODED, true);
            case EgressFailure.TooLarge _ ->
                    new UpstreamFault(UpstreamFailure.RESPONSE_TOO_LARGE, true);
        };
    }

    /** A status with which the answer to a request cannot come. */
    public static UpstreamFault ofStatus(int status) {
        if (status >= 300 && status < 400) {
            return new UpstreamFault(UpstreamFailure.REDIRECT, true);
        }
        return new UpstreamFault(failure(status), true);
    }

    private static UpstreamFailure failure(int status) {
        if (status >= 500) {
            return UpstreamFailure.SERVER_ERROR;
        }
        return status == UNAUTHORIZED || status == FORBIDDEN
                ? UpstreamFailure.UNAUTHORISED
                : UpstreamFailure.HTTP_ERROR;
    }

    /** The same, for a request that was still waiting for its session. */
    public static UpstreamFault unsent(Throwable thrown) {
        var fault = of(thrown);
        return fault.refusal().isPresent() ? fault : new UpstreamFault(fault.failure(), false);
    }

    public static UpstreamReply failed(Throwable thrown) {
        if (thrown instanceof AnswerTooLarge tooLarge) {
            return new UpstreamReply.TooLarge(tooLarge.oversize());
        }
        var fault = of(thrown);
        return new UpstreamReply.Failed(fault.failure(), fault.sent());
    }
}
