package io.sallyport.audit;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names one record of a log, and is the receipt that a client gets: {@code writer:epoch:sequence}.
 * Unique within its log.
 *
 * @param writer see {@link WriterFrame}
 */
public record RecordId(String writer, long epoch, long sequence) {
    private static final Pattern SHAPE =
            Pattern.compile("([a-z0-9][a-z0-9-]{0,31}):([1-9][0-9]{0,14}):([1-9][0-9]{0,14})");

    /**
     * Reads the text form; empty when {@code text} is not exactly what {@link #toString} writes.
     */
    public static Optional<RecordId> parse(String text) {
        var matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new RecordId(
                        matcher.group(1),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3))));
    }

    @Override
    public String toString() {
        return writer + ":" + epoch + ":" + sequence;
    }
}
