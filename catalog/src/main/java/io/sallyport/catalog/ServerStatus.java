package io.sallyport.catalog;

import java.util.Locale;

/** Where a server stands. Only tools of an {@link #ACTIVE} server can be called. */
public enum ServerStatus {
    /** Registered; nothing of it was approved yet. */
    PENDING,
    ACTIVE,
    /** Switched off by an admin. */
    DISABLED;

    /** The name in JSON and records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
