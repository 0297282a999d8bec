package io.sallyport.admin;

import io.sallyport.error.ErrorBody;
import io.sallyport.error.Reason;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** An admin request that is not carried out; shown to the caller as an RFC 9457 problem. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final Reason reason;
    private final transient ObjectNode more;

    Refusal(int status, Reason reason, String sentence) {
        this(status, reason, sentence, AdminAnswer.JSON.objectNode());
    }

    /**
     * @param more further members of the problem
     */
    Refusal(int status, Reason reason, String sentence, ObjectNode more) {
        super(sentence, null, false, false);
        this.status = status;
        this.reason = reason;
        this.more = more;
    }

    static Refusal invalid(String sentence) {
        return new Refusal(400, Reason.INVALID_REQUEST, sentence);
    }

    /** Unknown and foreign are the same answer. */
    static Refusal notFound() {
        return new Refusal(404, Reason.NOT_FOUND, "Not found.");
    }

    static Refusal forbidden() {
        return new Refusal(403, Reason.FORBIDDEN, "Your role does not allow this.");
    }

    static Refusal moved() {
        return new Refusal(
                409, Reason.VERSION_CONFLICT, "Something changed meanwhile; look again.");
    }

    /** What is approved is what somebody looked at, and not what took its place since. */
    static Refusal unreviewed() {
        return new Refusal(
                409,
                Reason.VERSION_CONFLICT,
                "If-Match must name the list that was reviewed: the server's ETag.");
    }

    int status() {
        return status;
    }

    Reason reason() {
        return reason;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }

    AdminAnswer problem() {
        var problem = ErrorBody.problem(status, reason, sentence()).setAll(more);
        return new AdminAnswer(status, Optional.of(problem), Optional.empty(), Optional.empty());
    }
}
