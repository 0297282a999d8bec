package io.sallyport.bridge;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes that a tool wrote into text, as a data URL, in base64, in hexadecimal digits or as a Node
 * buffer: they fill a prompt and tell a model nothing. A note of their kind and size takes their
 * place, as for images.
 */
final class BytesInText {
    /** Shorter ones may be keys, digests or words, and cost little. */
    private static final int MIN_LENGTH = 512;

    /** Shorter data URLs are icons, and cost little. */
    private static final int MIN_URL = 128;

    /** JSON in a text, and in a text of that, escapes with that many characters. */
    private static final String ESCAPE = "\\\\{1,8}+";

    /** A slash or a plus, which some libraries escape in JSON. */
    private static final String ESCAPED = ESCAPE + "(?:/|u002[BbFf])";

    /** The same and the sign that fills up the end. */
    private static final Pattern ONE_ESCAPED =
            Pattern.compile(ESCAPE + "(?:(?<plus>u002[Bb])|(?<fill>u003[Dd])|/|u002[Ff])");

    /** What begins within what is escaped was looked at before. */
    private static final String NOT_WITHIN = "(?!(?<=\\\\)(?:\\\\|/|u002[BbFf]))";

    private static final Pattern URL =
            Pattern.compile(
                    "(?i)\\bdata:([\\w.+-]{1,64}+(?:/|"
                            + ESCAPED
                            + ")(?:[\\w.+-]|"
                            + ESCAPED
                            + "){1,100}+)?((?:;[\\w.+=\"-]{1,100}){0,8}),"
                            + "((?:[^\\s\"'<>()`\\\\]|"
                            + ESCAPED
                            + "){"
                            + MIN_URL
                            + ",}+)");

    private static final Pattern RUN =
            Pattern.compile(
                    "(?<![A-Za-z0-9+/_-])"
                            + NOT_WITHIN
                            + "(?:[A-Za-z0-9+/_-]|"
                            + ESCAPED
                            + "){"
                            + MIN_LENGTH
                            + ",}+(?:=|"
                            + ESCAPE
                            + "u003[Dd]){0,2}+");

    private static final String IN_LINE = "(?:[A-Za-z0-9+/]|" + ESCAPED + ")";

    /**
     * A full line of an encoding that is broken into lines; the break may be written as in JSON.
     */
    private static final Pattern LINE =
            Pattern.compile(
                    "(?:(?<=\\\\n)|(?<![A-Za-z0-9+/])"
                            + NOT_WITHIN
                            + ")"
                            + IN_LINE
                            + "{60,128}+(?:\\r?\\n|(?:\\\\r)?\\\\n)");

    private static final Pattern LAST_LINE =
            Pattern.compile(IN_LINE + "{1,128}+={1,2}|" + IN_LINE + "{20,128}+");

    private static final Pattern BUFFER =
            Pattern.compile(
                    "\\{\\s*+\"type\"\\s*+:\\s*+\"Buffer\"\\s*+,\\s*+\"data\"\\s*+:\\s*+"
                            + "\\[([0-9,\\s]{64,}+)\\]\\s*+\\}"
                            + "|\\{\"data\":\\[([0-9,]{64,}+)\\],\"type\":\"Buffer\"\\}");

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]++");

    private BytesInText() {}

    /** {@code text} with a note in place of each of them. */
    static String without(String text) {
        if (text.length() < MIN_URL) {
            return text;
        }
        var shown = URL.matcher(text).replaceAll(BytesInText::url);
        shown = withoutLines(shown);
        shown = RUN.matcher(shown).replaceAll(BytesInText::run);
        return BUFFER.matcher(shown).replaceAll(BytesInText::buffer);
    }

    private static String url(MatchResult url) {
        var type =
                url.group(1) == null
                        ? "text/plain"
                        : unescaped(url.group(1)).toLowerCase(Locale.ROOT);
        var encoded = url.group(2).toLowerCase(Locale.ROOT).endsWith(";base64");
        long length = unescaped(url.group(3)).length();
        return ToolMessageText.sized(type, encoded ? length * 3 / 4 : length);
    }

    private static String unescaped(String text) {
        return text.indexOf('\\') < 0
                ? text
                : ONE_ESCAPED.matcher(text).replaceAll(BytesInText::character);
    }

    private static String character(MatchResult one) {
        if (one.group("plus") != null) {
            return "+";
        }
        return one.group("fill") == null ? "/" : "=";
    }

    /** A long word of one kind of letters, such as a sequence of bases, is a word. */
    private static String run(MatchResult run) {
        var text = unescaped(run.group());
        long length = text.length();
        if (HEX.matcher(text).matches() && text.chars().anyMatch(Character::isDigit)) {
            return bytes(length / 2);
        }
        return isEncoded(text) ? bytes(length * 3 / 4) : Matcher.quoteReplacement(run.group());
    }

    /** {@code A} alone is zeros. */
    private static boolean isEncoded(String text) {
        var mixed =
                text.chars().anyMatch(it -> it >= 'a' && it <= 'z')
                        && text.chars().anyMatch(it -> it >= 'A' && it <= 'Z');
        return mixed || text.endsWith("=") || text.chars().allMatch(it -> it == 'A');
    }

    private static String buffer(MatchResult buffer) {
        return bytes(buffer.group().chars().filter(it -> it == ',').count());
    }

    private static String bytes(long count) {
        return ToolMessageText.sized("", count);
    }

    private static String withoutLines(String text) {
        var line = LINE.matcher(text);
        var shown = new StringBuilder();
        int shownTo = 0;
        for (int from = 0; line.find(from); ) {
            int begin = line.start();
            from = endOfLines(text, line);
            if (from - begin >= MIN_LENGTH) {
                long length = unescaped(text.substring(begin, from)).length();
                shown.append(text, shownTo, begin).append(bytes(length * 3 / 4));
                shownTo = from;
            }
        }
        return shown.append(text, shownTo, text.length()).toString();
    }

    /** Where the lines end that begin with the one just found. */
    private static int endOfLines(String text, Matcher line) {
        int end = line.end();
        while (line.find(end) && line.start() == end) {
            end = line.end();
        }
        var last = LAST_LINE.matcher(text).region(end, text.length());
        return last.lookingAt() ? last.end() : end;
    }
}
