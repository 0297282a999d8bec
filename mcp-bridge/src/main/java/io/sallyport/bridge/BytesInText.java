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

    private static final Pattern URL =
            Pattern.compile(
                    "(?i)\\bdata:([\\w.+-]{1,64}/[\\w.+-]{1,100})?((?:;[\\w.+=\"-]{1,100}){0,8}),"
                            + "([^\\s\"'<>()`\\\\]{"
                            + MIN_URL
                            + ",}+)");

    private static final Pattern RUN =
            Pattern.compile("(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{" + MIN_LENGTH + ",}+={0,2}");

    /**
     * A full line of an encoding that is broken into lines; the break may be written as in JSON.
     */
    private static final Pattern LINE =
            Pattern.compile(
                    "(?:(?<=\\\\n)|(?<![A-Za-z0-9+/]))[A-Za-z0-9+/]{60,128}+"
                            + "(?:\\r?\\n|(?:\\\\r)?\\\\n)");

    private static final Pattern LAST_LINE =
            Pattern.compile("[A-Za-z0-9+/]{1,128}+={1,2}|[A-Za-z0-9+/]{20,128}+");

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
        var type = url.group(1) == null ? "text/plain" : url.group(1).toLowerCase(Locale.ROOT);
        var encoded = url.group(2).toLowerCase(Locale.ROOT).endsWith(";base64");
        long length = url.group(3).length();
        return ToolMessageText.sized(type, encoded ? length * 3 / 4 : length);
    }

    /** A long word of one kind of letters, such as a sequence of bases, is a word. */
    private static String run(MatchResult run) {
        var text = run.group();
        long length = text.length();
        if (HEX.matcher(text).matches() && text.chars().anyMatch(Character::isDigit)) {
            return bytes(length / 2);
        }
        return isEncoded(text) ? bytes(length * 3 / 4) : Matcher.quoteReplacement(text);
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
                shown.append(text, shownTo, begin).append(bytes((from - begin) * 3L / 4));
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
