package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Bytes in, events out. Not thread-safe; a line may come in any number of pieces. */
final class EventStreamParser {
    private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,9}");
    private static final byte[] NOTHING = {};
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final int maxBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();
    private boolean first = true;
    private boolean afterReturn;
    private int textBytes; // of the lines that make the text
    private boolean hasText;
    private String type = "";
    private boolean mended;
    private Optional<String> lastId = Optional.empty();
    private Optional<String> toldId = Optional.empty(); // of the last event that was whole
    private OptionalLong retry = OptionalLong.empty();

    EventStreamParser(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    List<ServerEvent> feed(byte[] chunk) {
        var events = new ArrayList<ServerEvent>();
        int start = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] == '\n' && afterReturn && i == start) {
                start = i + 1; // second half of a CRLF
                afterReturn = false;
            } else if (chunk[i] == '\n' || chunk[i] == '\r') {
                endLine(chunk, start, i, events);
                start = i + 1;
                afterReturn = chunk[i] == '\r';
            } else {
                afterReturn = false;
            }
        }
        keep(chunk, start, chunk.length);
        return events;
    }

    /**
     * The event that the end of the body leaves without its blank line. It may have been cut, and
     * who asks for what came after it would lose the rest: so it has the id of the one before.
     */
    List<ServerEvent> end() {
        var events = new ArrayList<ServerEvent>();
        if (line.size() > 0) {
            endLine(NOTHING, 0, 0, events);
        }
        lastId = toldId;
        dispatch(events);
        return events;
    }

    private void keep(byte[] chunk, int start, int end) {
        if (line.size() + (end - start) > maxBytes) {
            throw new EventStreamFault();
        }
        line.write(chunk, start, end - start);
    }

    private void endLine(byte[] chunk, int start, int end, List<ServerEvent> events) {
        keep(chunk, start, end);
        var complete = decoded(line.toByteArray());
        int size = line.size();
        line.reset();
        if (first && !complete.isEmpty() && complete.charAt(0) == BYTE_ORDER_MARK) {
            complete = complete.substring(1);
        }
        first = false;
        if (complete.isEmpty()) {
            dispatch(events);
        } else {
            field(complete, size);
        }
    }

    /** As the standard has it, with U+FFFD for what is no UTF-8. */
    private String decoded(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            mended = true;
            return new String(bytes, UTF_8);
        }
    }

    private void field(String complete, int size) {
        int colon = complete.indexOf(':');
        var name = colon < 0 ? complete : complete.substring(0, colon);
        var value = colon < 0 ? "" : complete.substring(colon + 1);
        if (name.equals("data")) {
            count(size);
        }
        set(name, value.startsWith(" ") ? value.substring(1) : value);
    }

    /** Comments have an empty name; unknown names are ignored, as the standard says. */
    private void set(String name, String value) {
        switch (name) {
            case "data" -> append(value);
            case "event" -> type = value;
            case "id" -> lastId = value.indexOf('\0') < 0 ? Optional.of(value) : lastId;
            case "retry" -> retry = milliseconds(value);
            default -> {}
        }
    }

    private void count(int size) {
        textBytes += size;
        if (textBytes > maxBytes) {
            throw new EventStreamFault();
        }
    }

    private void append(String value) {
        if (hasText) {
            text.append('\n');
        }
        text.append(value);
        hasText = true;
    }

    private OptionalLong milliseconds(String value) {
        return MILLISECONDS.matcher(value).matches()
                ? OptionalLong.of(Long.parseLong(value))
                : retry;
    }

    private void dispatch(List<ServerEvent> events) {
        if (hasText) {
            var name = type.isEmpty() ? "message" : type;
            events.add(
                    new ServerEvent(
                            lastId.filter(id -> !id.isEmpty()),
                            name,
                            text.toString(),
                            retry,
                            mended));
            retry = OptionalLong.empty();
        }
        toldId = lastId;
        mended = false;
        text.setLength(0);
        textBytes = 0;
        hasText = false;
        type = "";
    }
}
