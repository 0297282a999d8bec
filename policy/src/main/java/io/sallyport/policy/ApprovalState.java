package io.sallyport.policy;

import java.util.Locale;

/**
 * Where an approval stands. {@code PENDING} becomes approved, denied, expired or cancelled; {@code
 * APPROVED} becomes consumed, expired or cancelled; the others are final.
 */
public enum ApprovalState {
    PENDING,
    APPROVED,
    DENIED,
    EXPIRED,
    CANCELLED,
    CONSUMED;

    /** The name in JSON and records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Tells whether time alone can still end it. */
    public boolean isOpen() {
        return switch (this) {
            case PENDING, APPROVED -> true;
            case DENIED, EXPIRED, CANCELLED, CONSUMED -> false;
        };
    }
}
