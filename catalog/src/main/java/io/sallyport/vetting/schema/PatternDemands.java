package io.sallyport.vetting.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes a pattern apart into demands that all hold for exactly the texts that it fits. So a few
 * forms are judged in linear time of which RE2 knows nothing:
 *
 * <ul>
 *   <li>{@code ^(?!a)b} demands {@code ^b} and that {@code ^(?:a)} does not fit;
 *   <li>{@code a(?<!b)$} demands {@code a$} and that {@code (?:b)$} does not fit;
 *   <li>{@code ^.{1,4000}$} demands {@code ^.*$} and a length.
 * </ul>
 *
 * <p>What is of another form stays as it is; whatever RE2 does not know in it is refused there.
 */
final class PatternDemands {
    private static final String SECONDS = "\\d+(?:[.,]\\d+)?S";
    private static final String TIME =
            "T(?:\\d+H(?:\\d+M)?(?:" + SECONDS + ")?|\\d+M(?:" + SECONDS + ")?|" + SECONDS + ")";

    /** Patterns that many servers share, with others that fit the same texts without looking. */
    private static final Map<String, String> KNOWN =
            Map.of(
                    // a duration, as zod 4 writes it
                    "^P(?:(\\d+W)|(?!.*W)(?=\\d|T\\d)(\\d+Y)?(\\d+M)?(\\d+D)?"
                            + "(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+([.,]\\d+)?S)?)?)$",
                    "^P(?:\\d+W|(?:\\d+Y(?:\\d+M)?(?:\\d+D)?|\\d+M(?:\\d+D)?|\\d+D)(?:"
                            + TIME
                            + ")?|"
                            + TIME
                            + ")$");

    private final String flags;
    private final List<PatternDemand> demands = new ArrayList<>();

    private PatternDemands(String flags) {
        this.flags = flags;
    }

    static List<PatternDemand> of(String source) {
        var pattern = EcmaPattern.withFlagsFirst(KNOWN.getOrDefault(source, source));
        var flags = EcmaPattern.flags(pattern);
        var demands = new PatternDemands(flags);
        demands.takeApart(pattern.substring(flags.length()));
        return demands.demands;
    }

    private void takeApart(String pattern) {
        if (PatternText.hasAlternatives(pattern)) {
            add(pattern, true);
            return;
        }
        var rest = withoutLookBehinds(withoutLookAheads(pattern));
        var counted = CountedCharacters.of(rest);
        add(counted.map(CountedCharacters::uncounted).orElse(rest), true);
        counted.ifPresent(it -> demands.add(it.length()));
    }

    private void add(String pattern, boolean wanted) {
        demands.add(new PatternDemand.Fit(flags + pattern, wanted));
    }

    /** All that stand right behind the {@code ^}, and so at the start of the text. */
    private String withoutLookAheads(String pattern) {
        if (!pattern.startsWith("^")) {
            return pattern;
        }
        int at = 1;
        while (pattern.startsWith("(?=", at) || pattern.startsWith("(?!", at)) {
            int end = PatternText.endOfGroup(pattern, at);
            if (end < 0 || PatternText.isRepeated(pattern, end)) {
                break;
            }
            demandAhead(pattern.substring(at + 3, end - 1), pattern.charAt(at + 2) == '=');
            at = end;
        }
        return "^" + pattern.substring(at);
    }

    private void demandAhead(String ahead, boolean wanted) {
        if (wanted && !PatternText.hasAlternatives(ahead)) {
            takeApart("^" + ahead);
        } else {
            add("^(?:" + ahead + ")", wanted);
        }
    }

    /** All that stand right before the last {@code $}, and so at the end of the text. */
    private String withoutLookBehinds(String pattern) {
        var rest = pattern;
        while (rest.endsWith(")$")) {
            int start = PatternText.startOfGroup(rest, rest.length() - 1);
            if (start < 0 || !isLookBehind(rest, start)) {
                return rest;
            }
            var behind = rest.substring(start + 4, rest.length() - 2);
            add("(?:" + behind + ")$", rest.charAt(start + 3) == '=');
            rest = rest.substring(0, start) + "$";
        }
        return rest;
    }

    private static boolean isLookBehind(String pattern, int at) {
        return pattern.startsWith("(?<=", at) || pattern.startsWith("(?<!", at);
    }
}
