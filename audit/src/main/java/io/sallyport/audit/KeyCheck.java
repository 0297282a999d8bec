package io.sallyport.audit;

import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.Set;
import javax.crypto.SecretKey;

/** Opens one payload with every key that is at hand. */
final class KeyCheck {
    private final String log;
    private final StoredKeys keys;
    private final Set<String> tried = new HashSet<>();
    private final Set<String> useless = new HashSet<>();

    KeyCheck(String log, StoredKeys keys) {
        this.log = log;
        this.keys = keys;
    }

    /**
     * Takes a payload whose bytes are those that its record names.
     *
     * @param payload format, nonce and ciphertext
     */
    void accept(AuditRecord.Sealed sealed, byte[] payload) {
        var key = keys.key(sealed.key());
        if (key.isPresent() && tried.add(sealed.key()) && !opens(sealed, payload, key.get())) {
            useless.add(sealed.key());
        }
    }

    private boolean opens(AuditRecord.Sealed sealed, byte[] payload, SecretKey key) {
        try {
            var month = YearMonth.parse(sealed.month());
            var scope = new SubjectKeys.Scope(log, sealed.subject(), month);
            var stored = new SealedPayload(sealed.id(), scope, sealed.key(), payload);
            return PayloadSeal.open(stored, key) instanceof Unsealing.Opened;
        } catch (DateTimeException | IllegalArgumentException _) {
            return false; // nothing can have been sealed for such a scope
        }
    }

    /** Ids of the keys that are there and, as far as is known, open what they sealed. */
    Set<String> usable() {
        var usable = new HashSet<>(keys.usable());
        usable.removeAll(useless);
        return usable;
    }
}
