package io.sallyport.chat;

import io.sallyport.json.Sha256;
import io.sallyport.provider.RunLimits;
import java.nio.charset.StandardCharsets;

/** How much of the tool results reaches the model: so much a call and so much a run, in UTF-8. */
final class ResultBudget {
    private final int perCall;
    private int left;

    ResultBudget(RunLimits limits) {
        perCall = limits.resultBytes();
        left = limits.runResultBytes();
    }

    boolean isUsedUp() {
        return left <= 0;
    }

    /** The text, cut at a line if it is too long, with a marker that says what is missing. */
    String fit(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var room = Math.clamp(left, 0, perCall);
        left -= Math.min(bytes.length, room);
        return bytes.length <= room ? text : cut(bytes, room);
    }

    /** The same for a text that has been made to fit before. */
    void charge(String fitted) {
        var room = Math.clamp(left, 0, perCall);
        left -= Math.min(fitted.getBytes(StandardCharsets.UTF_8).length, room);
    }

    private static String cut(byte[] bytes, int room) {
        var end = lineEnd(bytes, room);
        var kept = new String(bytes, 0, end, StandardCharsets.UTF_8);
        return kept
                + "…[truncated "
                + (bytes.length - end)
                + " bytes, "
                + Sha256.of(bytes).replace(':', ' ')
                + "]";
    }

    /** Behind the last line break within reach, else before the character that does not fit. */
    private static int lineEnd(byte[] bytes, int room) {
        for (int end = room; end > room / 2; end--) {
            if (bytes[end - 1] == '\n') {
                return end;
            }
        }
        var end = room;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }
}
