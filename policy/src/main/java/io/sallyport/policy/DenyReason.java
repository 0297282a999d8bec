package io.sallyport.policy;

import java.util.Locale;

/** Why a call is denied. */
public enum DenyReason {
    /** No rule allows it. */
    NOT_ALLOWED,
    /** A deny rule matched; deny beats everything. */
    EXPLICIT_DENY,
    /** The decision itself failed. */
    POLICY_UNAVAILABLE;

    /** The name in records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
