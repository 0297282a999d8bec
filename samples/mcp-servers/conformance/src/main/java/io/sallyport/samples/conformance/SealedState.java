package io.sallyport.samples.conformance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** State that a client keeps for us and cannot change unnoticed. The key lives with the process. */
final class SealedState {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    SealedState() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    String seal(String state) {
        return state + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(state));
    }

    /** What was sealed, or empty if this is not what {@link #seal} gave out. */
    Optional<String> open(String sealed) {
        int dot = sealed.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        var state = sealed.substring(0, dot);
        byte[] expected = seal(state).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, sealed.getBytes(StandardCharsets.UTF_8))
                ? Optional.of(state)
                : Optional.empty();
    }

    private byte[] mac(String state) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(state.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, missing);
        }
    }
}
