package io.sallyport.egress;

/**
 * Why there is no answer. Messages name neither host nor path nor address, and no cause is attached
 * because causes name them; {@link #detail} is the class of the cause, for the operator's log.
 */
public abstract sealed class EgressFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String detail;
    private final boolean sent;

    private EgressFailure(String message, String detail, boolean sent) {
        super(message, null, false, false);
        this.detail = detail;
        this.sent = sent;
    }

    /** Simple class name of what went wrong below, or an empty text. */
    public String detail() {
        return detail;
    }

    /** Whether the other side may have seen the request; false only if it provably has not. */
    public boolean sent() {
        return sent;
    }

    /** A rule forbids the destination; nothing was sent. */
    public static final class Denied extends EgressFailure {
        private static final long serialVersionUID = 1;

        private final EgressRefusal refusal;

        public Denied(EgressRefusal refusal) {
            super("destination refused", refusal.name(), false);
            this.refusal = refusal;
        }

        public EgressRefusal refusal() {
            return refusal;
        }
    }

    /** No connection: unknown name, refused, TLS; nothing was sent. */
    public static final class ConnectFailed extends EgressFailure {
        private static final long serialVersionUID = 1;

        private final FaultDetail.Cause cause;

        public ConnectFailed(String detail) {
            this(detail, FaultDetail.Cause.OTHER);
        }

        public ConnectFailed(String detail, FaultDetail.Cause cause) {
            super("connection failed", detail, false);
            this.cause = cause;
        }

        /** Whether the name has no address, or no TLS came about. */
        public FaultDetail.Cause reason() {
            return cause;
        }
    }

    /** The request's time is over. */
    public static final class TimedOut extends EgressFailure {
        private static final long serialVersionUID = 1;

        public TimedOut(boolean sent) {
            super("timed out", "", sent);
        }
    }

    /** The connection or the answer broke after the request may have been sent. */
    public static final class Broken extends EgressFailure {
        private static final long serialVersionUID = 1;

        public Broken(String detail) {
            super("answer broken", detail, true);
        }
    }

    /** The answer is compressed, which nobody asked for; nothing here inflates. */
    public static final class Encoded extends EgressFailure {
        private static final long serialVersionUID = 1;

        public Encoded() {
            super("answer encoded", "", true);
        }
    }

    /** As many requests as may be are under way or wait; nothing was sent. */
    public static final class LimitReached extends EgressFailure {
        private static final long serialVersionUID = 1;

        public LimitReached() {
            super("limit of requests reached", "", false);
        }
    }

    /** Too much of answers is kept in memory already; the rest of this one was not read. */
    public static final class Overloaded extends EgressFailure {
        private static final long serialVersionUID = 1;

        public Overloaded() {
            super("too much is being read", "", true);
        }
    }

    /** The body is longer than was asked for. */
    public static final class TooLarge extends EgressFailure {
        private static final long serialVersionUID = 1;

        private final transient Oversize oversize;

        public TooLarge(Oversize oversize) {
            super("answer too large", "", true);
            this.oversize = oversize;
        }

        public Oversize oversize() {
            return oversize;
        }
    }
}
