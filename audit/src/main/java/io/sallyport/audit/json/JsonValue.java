package io.sallyport.audit.json;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the strict reader found. Floats, negative numbers and {@code null} do not occur. */
public sealed interface JsonValue {
    record Text(String value) implements JsonValue {}

    record Whole(long value) implements JsonValue {}

    record Flag(boolean value) implements JsonValue {}

    record Array(List<JsonValue> items) implements JsonValue {}

    /** Members in document order, which is the order of their names. */
    record Members(Map<String, JsonValue> values) implements JsonValue {
        private static final Members NONE = new Members(Map.of());

        /** The text under {@code name}, or empty text when there is none. */
        public String text(String name) {
            return values.get(name) instanceof Text(String value) ? value : "";
        }

        /** The whole number under {@code name}, or -1 when there is none. */
        public long whole(String name) {
            return values.get(name) instanceof Whole(long value) ? value : -1;
        }

        /** The flag under {@code name}, or empty. */
        public Optional<Boolean> flag(String name) {
            return values.get(name) instanceof Flag(boolean value)
                    ? Optional.of(value)
                    : Optional.empty();
        }

        /** The object under {@code name}, or one without members. */
        public Members members(String name) {
            return values.get(name) instanceof Members members ? members : NONE;
        }
    }
}
