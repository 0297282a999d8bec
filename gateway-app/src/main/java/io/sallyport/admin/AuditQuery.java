package io.sallyport.admin;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a reader of the log looks for.
 *
 * @param terms all of them must hold
 * @param from the first moment
 * @param to the first moment that is too late
 * @param before where the page before ended
 */
public record AuditQuery(
        Map<Field, String> terms,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Place> before) {
    public AuditQuery {
        terms = Map.copyOf(terms);
    }

    /** What can be filtered by. */
    public enum Field {
        PRINCIPAL,
        /** The id of a key. */
        KEY,
        SERVER,
        TOOL,
        KIND,
        DECISION,
        RUN,
        STATUS;

        /** The name of the query parameter. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A place in the order of the pages: by time, and within a microsecond by index.
     *
     * @param micros since 1970
     */
    public record Place(long micros, long index) {
        private static final Pattern SHAPE = Pattern.compile("[0-9]{1,18}-[0-9]{1,18}");

        static Place read(String cursor) {
            if (!SHAPE.matcher(cursor).matches()) {
                throw Refusal.invalid("cursor is not one of ours.");
            }
            var dash = cursor.indexOf('-');
            return new Place(
                    Long.parseLong(cursor.substring(0, dash)),
                    Long.parseLong(cursor.substring(dash + 1)));
        }

        public String cursor() {
            return micros + "-" + index;
        }
    }
}
