package io.sallyport.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Takes a text that is well formed and changes it in one to six places. */
record Mutation(List<byte[]> seeds, List<byte[]> words) {
    private static final int CHANGES = 6;

    /** Deep enough for every limit of nesting, and small enough to make thousands of them. */
    private static final int REPEATS = 300;

    private static final int MAX_LENGTH = 64 * 1024;

    /** What readers of every format have stumbled over. */
    private static final List<byte[]> ODDITIES =
            Stream.of(
                            "\u0000",
                            "\ufeff",
                            "\u2028",
                            "\u200b",
                            "\udb40\udc41",
                            "\ud83d\ude00",
                            "\r\n",
                            "\n\n",
                            "\\u0000",
                            "\\ud800",
                            "1e999",
                            "-0",
                            "9223372036854775808",
                            "0.1000000000000000055511151231257827",
                            "[",
                            "{",
                            "\"",
                            "%",
                            "%2e%2E%2f",
                            "../",
                            ":",
                            ",",
                            "null",
                            "true")
                    .map(it -> it.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .toList();

    byte[] next(RandomGenerator random) {
        var text = pick(seeds, random);
        int changes = random.nextInt(CHANGES + 1); // none at all now and then: seeds must hold, too
        for (int i = 0; i < changes; i++) {
            text = changed(text, random);
        }
        return text.length > MAX_LENGTH ? Arrays.copyOf(text, MAX_LENGTH) : text;
    }

    private byte[] changed(byte[] text, RandomGenerator random) {
        int from = random.nextInt(text.length + 1);
        int to = Math.min(text.length, from + random.nextInt(1 + random.nextInt(1, 64)));
        return switch (random.nextInt(9)) {
            case 0 -> flipped(text, random);
            case 1 -> with(text, from, to, new byte[0]);
            case 2 -> with(text, from, from, Arrays.copyOfRange(text, from, to));
            case 3 -> with(text, from, to, word(random));
            case 4 -> with(text, from, from, word(random));
            case 5 -> with(text, from, from, repeated(word(random), random.nextInt(REPEATS)));
            case 6 -> with(text, from, to, noise(random));
            case 7 -> with(text, from, to, pick(seeds, random));
            default -> spliced(text, pick(seeds, random), random);
        };
    }

    private byte[] word(RandomGenerator random) {
        boolean own = !words.isEmpty() && random.nextInt(3) > 0;
        return pick(own ? words : ODDITIES, random);
    }

    private static byte[] flipped(byte[] text, RandomGenerator random) {
        var copy = text.clone();
        if (copy.length > 0) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    private static byte[] noise(RandomGenerator random) {
        var bytes = new byte[random.nextInt(16)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] spliced(byte[] head, byte[] tail, RandomGenerator random) {
        int end = random.nextInt(head.length + 1);
        int start = random.nextInt(tail.length + 1);
        return with(head, end, head.length, Arrays.copyOfRange(tail, start, tail.length));
    }

    private static byte[] repeated(byte[] word, int times) {
        var all = new byte[word.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(word, 0, all, i * word.length, word.length);
        }
        return all;
    }

    /** The text with these bytes in the place of those between {@code from} and {@code to}. */
    private static byte[] with(byte[] text, int from, int to, byte[] middle) {
        var out = new ByteArrayOutputStream(text.length + middle.length);
        out.write(text, 0, from);
        out.writeBytes(middle);
        out.write(text, to, text.length - to);
        return out.toByteArray();
    }

    private static byte[] pick(List<byte[]> all, RandomGenerator random) {
        return all.get(random.nextInt(all.size()));
    }
}
