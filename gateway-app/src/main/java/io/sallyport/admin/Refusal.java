package io.sallyport.admin;

import io.sallyport.error.Reason;

/** An admin request that is not carried out; shown to the caller as an RFC 9457 problem. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final Reason reason;

    Refusal(int status, Reason reason, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
        this.reason = reason;
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

    int status() {
        return status;
    }

    Reason reason() {
        return reason;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
