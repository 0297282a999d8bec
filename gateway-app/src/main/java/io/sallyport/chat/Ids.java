package io.sallyport.chat;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Mints ids that nobody can guess: a prefix and 128 random bits in hexadecimal. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    private Ids() {}

    static String mint(String prefix) {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }
}
