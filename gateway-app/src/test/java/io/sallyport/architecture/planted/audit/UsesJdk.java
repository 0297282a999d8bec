package io.sallyport.architecture.planted.audit;

import javax.crypto.SecretKey;

/** Planted: this is allowed. */
final class UsesJdk {
    private UsesJdk() {}

    static String algorithm(SecretKey key) {
        return key.getAlgorithm();
    }
}
