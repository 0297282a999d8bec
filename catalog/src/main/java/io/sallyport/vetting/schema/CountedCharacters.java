package io.sallyport.vetting.schema;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern {@code ^…$} of nothing but single characters, one of which is repeated up to or at
 * least so often that RE2, which writes repetitions out, would need too much room: how often it is
 * there, the length of the text says.
 *
 * @param uncounted the pattern with {@code *} for that repetition
 */
record CountedCharacters(String uncounted, PatternDemand.Length length) {
    /** Repetitions that RE2 is left with; each is an instruction that every character may run. */
    private static final long FEW = 100;

    private static final long UNBOUNDED = Long.MAX_VALUE;

    private static final Pattern REPETITION =
            Pattern.compile("\\{([0-9]{1,9})(,([0-9]{0,9}))?}\\??|[*+?]\\??");

    private static final String SPECIAL = "^$*+?()[]{}|";
    private static final String CLASS_ESCAPES = "dDwWsStnrfv";

    /** Reads one pattern from its start to its end. */
    private static final class Reading {
        private final String pattern;
        private final StringBuilder uncounted = new StringBuilder("^");
        private int at = 1;
        private long least;
        private long most;
        private long highest;
        private boolean repeats;

        Reading(String pattern) {
            this.pattern = pattern;
        }

        Optional<CountedCharacters> counted() {
            int end = pattern.length() - 1;
            while (at < end) {
                if (!readCharacter()) {
                    return Optional.empty();
                }
            }
            return at == end && highest > FEW
                    ? Optional.of(
                            new CountedCharacters(
                                    uncounted.append('$').toString(),
                                    new PatternDemand.Length(least, most)))
                    : Optional.empty();
        }

        /** False if it is not one, or a second one that is there as often as it likes. */
        private boolean readCharacter() {
            int end = endOfCharacter();
            if (end < 0) {
                return false;
            }
            var character = pattern.substring(at, end);
            var repetition = REPETITION.matcher(pattern).region(end, pattern.length());
            boolean isRepeated = repetition.lookingAt();
            var said = isRepeated ? repetition.group() : "";
            at = end + said.length();
            long lowest = isRepeated ? lowest(said) : 1;
            long highest = isRepeated ? highest(said) : 1;
            return !PatternText.isRepeated(pattern, at)
                    && lowest <= highest
                    && repeat(character, said, lowest, highest);
        }

        private boolean repeat(String character, String said, long lowest, long highest) {
            least += lowest;
            most = highest == UNBOUNDED || most == UNBOUNDED ? UNBOUNDED : most + highest;
            boolean isFixed = lowest == highest && lowest <= FEW;
            if (isFixed) {
                uncounted.append(character).append(said);
                return true;
            }
            boolean isFirst = !repeats;
            repeats = true;
            this.highest = highest == UNBOUNDED ? lowest : highest;
            uncounted.append(character).append('*');
            return isFirst;
        }

        private static long lowest(String said) {
            return switch (said.charAt(0)) {
                case '*', '?' -> 0;
                case '+' -> 1;
                default -> bound(said, 1);
            };
        }

        private static long highest(String said) {
            return switch (said.charAt(0)) {
                case '*', '+' -> UNBOUNDED;
                case '?' -> 1;
                default -> bound(said, 3);
            };
        }

        private static long bound(String said, int group) {
            var bounds = REPETITION.matcher(said);
            if (!bounds.matches()) {
                return 0;
            }
            if (group == 1 || bounds.group(2) == null) {
                return Long.parseLong(bounds.group(1));
            }
            var highest = bounds.group(3);
            return highest == null || highest.isEmpty() ? UNBOUNDED : Long.parseLong(highest);
        }

        /** Behind the single character at {@code at}, however it is written, or -1. */
        private int endOfCharacter() {
            return pattern.charAt(at) == '(' ? endOfChoice() : endOfPlain(at);
        }

        /** One character of several, as in {@code (?:.|\n)}. */
        private int endOfChoice() {
            int next = pattern.startsWith("(?:", at) ? at + 3 : at + 1;
            while (next < pattern.length() - 1) {
                int end = endOfPlain(next);
                if (end < 0 || pattern.charAt(end) == ')') {
                    return end < 0 ? end : end + 1;
                }
                if (pattern.charAt(end) != '|') {
                    return -1;
                }
                next = end + 1;
            }
            return -1;
        }

        private int endOfPlain(int at) {
            char unit = pattern.charAt(at);
            boolean isClass = unit == '[';
            if (unit == '\\') {
                return isCharacter(pattern.charAt(at + 1)) ? at + 2 : -1;
            }
            boolean isEmpty = pattern.startsWith("[]", at) || pattern.startsWith("[^]", at);
            if (isEmpty || !isClass && SPECIAL.indexOf(unit) >= 0) {
                return -1;
            }
            int end =
                    isClass
                            ? PatternText.endOfItem(pattern, at)
                            : at + Character.charCount(pattern.codePointAt(at));
            return end < pattern.length() ? end : -1;
        }

        private static boolean isCharacter(char escaped) {
            return CLASS_ESCAPES.indexOf(escaped) >= 0
                    || escaped < 0x7f && !Character.isLetterOrDigit(escaped);
        }
    }

    /** Empty if {@code pattern} is of another form, or counts so little that RE2 can. */
    static Optional<CountedCharacters> of(String pattern) {
        return pattern.length() > 2 && pattern.startsWith("^") && pattern.endsWith("$")
                ? new Reading(pattern).counted()
                : Optional.empty();
    }
}
