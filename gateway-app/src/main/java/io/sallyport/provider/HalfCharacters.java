package io.sallyport.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Puts a character together whose halves, a surrogate pair written as two JSON escapes, a model
 * sent in two payloads. The payload with the first half waits for the next one. Nothing else is
 * touched: a half that stays alone is for the reader to replace.
 */
final class HalfCharacters {
    private static final Pattern HIGH_AT_END =
            Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*+(\\\\u[dD][89abAB][0-9a-fA-F]{2})\"");

    private static final Pattern LOW_AT_BEGIN =
            Pattern.compile("(?<!\\\\)\"(\\\\u[dD][c-fC-F][0-9a-fA-F]{2})");

    private Optional<String> waiting = Optional.empty();

    /** The payloads that are complete now. */
    List<String> joined(String payload) {
        if (waiting.isEmpty() && !endsInHalf(payload)) {
            return List.of(payload);
        }
        var ready = new ArrayList<String>(2);
        var rest = payload;
        if (waiting.isPresent()) {
            rest = join(waiting.get(), payload, ready);
        }
        waiting = Optional.of(rest).filter(HalfCharacters::endsInHalf);
        if (waiting.isEmpty()) {
            ready.add(rest);
        }
        return ready;
    }

    private static boolean endsInHalf(String payload) {
        return (payload.contains("\\ud") || payload.contains("\\uD"))
                && HIGH_AT_END.matcher(payload).find();
    }

    /** Adds {@code first}, whole if {@code next} has the other half; what is left of that one. */
    private static String join(String first, String next, List<String> ready) {
        var high = HIGH_AT_END.matcher(first);
        var low = LOW_AT_BEGIN.matcher(next);
        if (!high.find() || !low.find()) {
            ready.add(first);
            return next;
        }
        int end = high.end(1);
        ready.add(first.substring(0, end) + low.group(1) + first.substring(end));
        return next.substring(0, low.start(1)) + next.substring(low.end(1));
    }

    /** What still waits at the end of the stream. */
    List<String> end() {
        var last = waiting.stream().toList();
        waiting = Optional.empty();
        return last;
    }
}
