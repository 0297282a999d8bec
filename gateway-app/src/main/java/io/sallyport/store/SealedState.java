package io.sallyport.store;

import io.sallyport.mcp.StateKeys;
import java.util.Base64;
import java.util.Optional;

/** Seals under a key that seals nothing else. */
record SealedState(Sealer sealer) implements StateKeys {
    @Override
    public String seal(byte[] plain, String context) {
        return text(sealer.seal(plain, context));
    }

    /** There is one text for each seal: bits that Base64 leaves over must be what we wrote. */
    @Override
    public Optional<byte[]> open(String sealed, String context) {
        try {
            var bytes = Base64.getUrlDecoder().decode(sealed);
            return text(bytes).equals(sealed)
                    ? Optional.of(sealer.open(bytes, context))
                    : Optional.empty();
        } catch (IllegalArgumentException | IllegalStateException _) {
            return Optional.empty();
        }
    }

    private static String text(byte[] sealed) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }
}
