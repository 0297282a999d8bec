package io.sallyport.identity;

import javax.crypto.SecretKey;

/** The key under which API key secrets are stored as HMACs. */
public record Pepper(SecretKey key) {
    @Override
    public String toString() {
        return "Pepper";
    }
}
