package io.sallyport.bridge;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One server-sent event.
 *
 * @param id the last event id of the stream as of this event
 * @param event its type, {@code message} unless the stream named one
 * @param retry milliseconds, if the stream set them since the last event
 * @param mended whether U+FFFD stands in {@code data} for bytes that were no UTF-8
 */
public record ServerEvent(
        Optional<String> id, String event, String data, OptionalLong retry, boolean mended) {
    /** Without what the stream said. */
    @Override
    public String toString() {
        return "ServerEvent[" + data.length() + " characters]";
    }
}
