package io.sallyport.bridge;

import io.sallyport.egress.EgressRefusal;
import io.sallyport.egress.FaultDetail;
import java.util.Optional;

/** Why probing or listing a server failed. */
public final class UpstreamException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final UpstreamFailure failure;
    private final boolean sent;
    private final transient Optional<EgressRefusal> refusal;
    private final transient FaultDetail detail;

    public UpstreamException(UpstreamFailure failure, boolean sent) {
        this(failure, sent, FaultDetail.NONE);
    }

    public UpstreamException(UpstreamFailure failure, boolean sent, FaultDetail detail) {
        this(failure, sent, Optional.empty(), detail);
    }

    public UpstreamException(EgressRefusal refusal) {
        this(refusal, FaultDetail.NONE);
    }

    /**
     * @param detail for the log alone: whoever asks is told one thing of all refusals of addresses
     */
    public UpstreamException(EgressRefusal refusal, FaultDetail detail) {
        this(UpstreamFailure.EGRESS_DENIED, false, Optional.of(refusal), detail);
    }

    private UpstreamException(
            UpstreamFailure failure,
            boolean sent,
            Optional<EgressRefusal> refusal,
            FaultDetail detail) {
        super(failure.name(), null, false, false);
        this.failure = failure;
        this.sent = sent;
        this.refusal = refusal;
        this.detail = detail;
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

    public FaultDetail detail() {
        return detail;
    }

    /** The same with what the server says of it, if it says something and nothing is known yet. */
    public UpstreamException saying(String words) {
        return words.isEmpty() || !detail.words().isEmpty()
                ? this
                : new UpstreamException(
                        failure,
                        sent,
                        refusal,
                        new FaultDetail(detail.cause(), detail.status(), words));
    }
}
