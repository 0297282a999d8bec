package io.sallyport.gate;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.error.Reason;
import java.util.Optional;

/**
 * Why a caller does not see what rules would let it have. Callers are told of nothing that there is
 * nothing; the record says why.
 */
final class Unseen {
    private Unseen() {}

    /** Why nothing of the server is seen, if so. */
    static Optional<Reason> all(boolean isStopped, Optional<McpServer> server) {
        if (isStopped) {
            return Optional.of(Reason.STOPPED);
        }
        return server.filter(it -> it.status() == ServerStatus.DISABLED)
                .map(_ -> Reason.SERVER_DISABLED);
    }

    /** What an admin approved once is named in the record; whatever else it is may be a secret. */
    static boolean wasApproved(ToolStatus status) {
        return status != ToolStatus.PENDING_REVIEW && status != ToolStatus.REJECTED;
    }

    /**
     * Why what has this status is not seen, if so.
     *
     * @param unknown what is said of something that its server does not list any more
     */
    static Optional<Reason> one(ToolStatus status, Reason unknown) {
        return switch (status) {
            case PENDING_REVIEW, REJECTED -> Optional.of(Reason.NOT_APPROVED);
            case CHANGED -> Optional.of(Reason.DESCRIPTOR_CHANGED);
            case MISSING -> Optional.of(unknown);
            case APPROVED -> Optional.empty();
        };
    }
}
