package io.sallyport.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/** The key under which API key secrets are stored as HMACs. */
public final class Pepper {
    /** Never used itself: finding the algorithm and the key's schedule are paid once. */
    private final Mac prototype;

    public Pepper(SecretKey key) {
        try {
            prototype = Mac.getInstance("HmacSHA256");
            prototype.init(key);
            var _ = prototype.clone();
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw new IllegalStateException("no HMAC-SHA-256 that can be used many times", e);
        }
    }

    /** HMAC-SHA-256 of the secret of a key. */
    byte[] mac(String secret) {
        try {
            var mac = (Mac) prototype.clone();
            return mac.doFinal(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("HMAC-SHA-256 of another provider", e);
        }
    }

    @Override
    public String toString() {
        return "Pepper";
    }
}
