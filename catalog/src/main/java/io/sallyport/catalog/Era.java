package io.sallyport.catalog;

import java.util.Locale;

/** Which revision of MCP a server speaks. */
public enum Era {
    /** Probe: modern first, then legacy. */
    AUTO,
    /** 2026-07-28 and later: stateless. */
    MODERN,
    /** 2025-03-26 to 2025-11-25: sessions. */
    LEGACY;

    /** The name in JSON and configuration. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
