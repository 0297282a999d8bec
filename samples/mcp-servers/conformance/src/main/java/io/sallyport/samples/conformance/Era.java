package io.sallyport.samples.conformance;

import io.sallyport.samples.command.UsageMistake;
import java.util.Locale;

/** Which revisions of MCP a server speaks. */
public enum Era {

    /** 2026-07-28: no sessions, every request says all about itself. */
    MODERN,

    /** 2025-03-26 to 2025-11-25: {@code initialize} and sessions. */
    LEGACY,

    BOTH;

    static Era named(String name) throws UsageMistake {
        for (var era : values()) {
            if (era.name().toLowerCase(Locale.ROOT).equals(name)) {
                return era;
            }
        }
        throw new UsageMistake("--era needs modern, legacy or both");
    }

    boolean isModern() {
        return this != LEGACY;
    }

    boolean isLegacy() {
        return this != MODERN;
    }
}
