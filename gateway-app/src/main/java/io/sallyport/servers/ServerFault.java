package io.sallyport.servers;

import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.egress.EgressRefusal;
import io.sallyport.egress.FaultDetail;
import java.util.Optional;

/**
 * Why a server cannot be used.
 *
 * @param refusal which egress rule refused, if one did
 * @param words what the server says of it, rendered; empty if nothing
 * @param open whether the server was at a public address when that happened, so that its tenant may
 *     know status and words; judged once
 */
public record ServerFault(
        UpstreamFailure failure,
        Optional<EgressRefusal> refusal,
        FaultDetail.Cause cause,
        int status,
        String words,
        boolean open) {
    static ServerFault of(UpstreamException fault, PeerText renderer, boolean open) {
        var detail = fault.detail();
        return new ServerFault(
                fault.failure(),
                fault.refusal(),
                detail.cause(),
                detail.status(),
                renderer.render(detail.words()),
                open);
    }

    /** One of which no more is known. */
    static ServerFault of(UpstreamFailure failure) {
        return new ServerFault(failure, Optional.empty(), FaultDetail.Cause.OTHER, 0, "", false);
    }

    /** Without the words, for the log's message. */
    @Override
    public String toString() {
        var text = new StringBuilder(failure.name());
        refusal.ifPresent(it -> text.append(' ').append(it));
        if (cause != FaultDetail.Cause.OTHER) {
            text.append(' ').append(cause);
        }
        if (status != 0) {
            text.append(' ').append(status);
        }
        return text.toString();
    }
}
