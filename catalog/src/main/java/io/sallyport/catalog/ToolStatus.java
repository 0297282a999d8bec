package io.sallyport.catalog;

import java.util.Locale;

/** Where a tool stands. Only an {@link #APPROVED} tool is listed and callable. */
public enum ToolStatus {
    /** Listed, never approved. */
    PENDING_REVIEW,
    /** What the server lists is what an admin approved. */
    APPROVED,
    /** Approved once; the server now lists something else. */
    CHANGED,
    /** Cannot be served safely. */
    REJECTED,
    /** Approved once; the server no longer lists it. */
    MISSING;

    /** The name in JSON and records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
