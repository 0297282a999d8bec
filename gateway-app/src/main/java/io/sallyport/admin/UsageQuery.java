package io.sallyport.admin;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What is summed up.
 *
 * @param from the first moment
 * @param to the first moment that is too late
 * @param after the last of the page before
 */
public record UsageQuery(Dimension by, Instant from, Instant to, Optional<String> after) {
    /** What sums are told apart by. */
    public enum Dimension {
        TENANT,
        KEY,
        MODEL,
        /** A tool, resource or prompt, with its server. */
        TOOL,
        /** Of UTC. */
        DAY;

        /** The value of the query parameter, and the member that says which. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
