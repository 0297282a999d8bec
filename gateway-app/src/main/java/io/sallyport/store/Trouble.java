package io.sallyport.store;

import java.util.Locale;

/** Why no call can be recorded now. */
enum Trouble {
    /** The database does not answer, or the writer's lease is somebody else's. */
    STORE_UNAVAILABLE,
    /** The database answers, but has no room for another record. */
    DISK_FULL,
    /** Records wait for their place in a tree for too long. */
    INTEGRATION_BEHIND,
    /** A record is missing among those of a writer; the ones after it can get no place. */
    LOG_GAP,
    /** A stored record does not say of itself what its row says. */
    LOG_MISMATCH,
    /** A log does not continue what was signed of it. */
    LOG_CONTRADICTION;

    /** The name that operators are shown. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
