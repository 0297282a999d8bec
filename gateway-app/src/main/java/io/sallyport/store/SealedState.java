package io.sallyport.store;

import io.sallyport.mcp.StateKeys;
import java.util.Base64;
import java.util.Optional;

/** Seals under a key that seals nothing else. */
record SealedState(Sealer sealer) implements StateKeys {
    @Override
    public String seal(byte[] plain, String context) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealer.seal(plain, context));
    }

    @Override
    public Optional<byte[]> open(String sealed, String context) {
        try {
            return Optional.of(sealer.open(Base64.getUrlDecoder().decode(sealed), context));
        } catch (IllegalArgumentException | IllegalStateException _) {
            return Optional.empty();
        }
    }
}
