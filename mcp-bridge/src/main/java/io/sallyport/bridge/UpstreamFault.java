package io.sallyport.bridge;

import java.util.Optional;

/** Why probing or listing a server failed. */
public final class UpstreamFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final UpstreamFailure failure;
    private final boolean sent;
    private final transient Optional<EgressRefusal> refusal;

    public UpstreamFault(UpstreamFailure failure, boolean sent) {
        this(failure, sent, Optional.empty());
    }

    public UpstreamFault(EgressRefusal refusal) {
        this(UpstreamFailure.EGRESS_DENIED, false, Optional.of(refusal));
    }

    private UpstreamFault(UpstreamFailure failure, boolean sent, Optional<EgressRefusal> refusal) {
        super(failure.name(), null, false, false);
        this.failure = failure;
        this.sent = sent;
        this.refusal = refusal;
    }

    public UpstreamFailure failure() {
        return failure;
    }

    /** Whether the server may have seen the request; false only if it provably has not. */
    public boolean sent() {
        return sent;
    }

    /** Which egress rule refused, if one did. */
    public Optional<EgressRefusal> refusal() {
        return refusal;
    }
}
