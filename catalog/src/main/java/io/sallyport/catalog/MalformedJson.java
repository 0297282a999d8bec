package io.sallyport.catalog;

import java.util.Locale;

/**
 * A text that the strict reader refuses. The message is the fault's code and nothing of the text,
 * so it may be logged and answered as it is.
 */
public final class MalformedJson extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why the text was refused; the codes are those of the error contract. */
    public enum Fault {
        /** Not one JSON value of RFC 8259, or a number beyond the limits of {@link StrictJson}. */
        INVALID_JSON,
        /** An object names one member twice (RFC 8259 section 4 leaves the meaning open). */
        DUPLICATE_KEY,
        /** Not UTF-8 (RFC 3629), or a string with a lone surrogate, which has no UTF-8 form. */
        INVALID_UTF8,
        /** More than {@link StrictJson#MAX_DEPTH} arrays and objects inside each other. */
        TOO_DEEP;

        /** The name in answers and records. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What is wrong with the text, as the end of a sentence about it. */
        public String complaint() {
            return switch (this) {
                case INVALID_JSON -> "is not valid JSON";
                case DUPLICATE_KEY -> "has a duplicate key";
                case INVALID_UTF8 -> "is not valid UTF-8";
                case TOO_DEEP -> "is nested too deeply";
            };
        }
    }

    private final Fault fault;

    MalformedJson(Fault fault) {
        super(fault.code(), null, false, false); // a refusal is an answer: no stack trace to fill
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
