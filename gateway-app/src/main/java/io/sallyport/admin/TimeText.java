package io.sallyport.admin;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Times in requests: UTC, as RFC 3339 writes them. */
final class TimeText {
    /** Four-digit years: what RFC 3339 has, and what every counter that we keep can hold. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private TimeText() {}

    static Instant read(String name, String text) {
        try {
            var time = Instant.parse(text);
            if (!time.isBefore(FIRST) && !time.isAfter(LAST)) {
                return time;
            }
        } catch (DateTimeParseException _) {
            // said below
        }
        throw Refusal.invalid(name + " must be a time such as 2026-01-31T12:00:00Z.");
    }
}
