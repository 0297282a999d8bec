package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class PayloadSealTest {
    private static final SubjectKeys.Scope ADA =
            new SubjectKeys.Scope("acme", "p-ada", YearMonth.of(2026, 11));

    private final Keys keys = new Keys();
    private final PayloadSeal seal = new PayloadSeal(keys, new SecureRandom());
    private final Payload payload =
            new Payload(seal.salt(), "{\"card\":\"4111 1111\"}".getBytes(UTF_8));

    @Test
    void opensWhatItSealed() {
        assertThat(seal.open(seal.seal(ADA, payload))).isEqualTo(new Unsealing.Opened(payload));
    }

    @Test
    void opensAnEmptyPayload() {
        var empty = new Payload(seal.salt(), new byte[0]);
        assertThat(seal.open(seal.seal(ADA, empty))).isEqualTo(new Unsealing.Opened(empty));
    }

    @Test
    void neverSealsTheSameWayTwice() {
        var one = seal.seal(ADA, payload);
        var two = seal.seal(ADA, payload);
        assertThat(one.id()).isNotEqualTo(two.id());
        assertThat(one.bytes()).isNotEqualTo(two.bytes());
    }

    @Test
    void showsNothingOfThePayload() {
        var sealed = seal.seal(ADA, payload);
        assertThat(new String(sealed.bytes(), UTF_8)).doesNotContain("4111 1111");
        assertThat(sealed + " " + payload + " " + keys.current(ADA))
                .doesNotContain("4111 1111", "card");
    }

    @Test
    void noByteOfASealedPayloadCanChange() {
        var sealed = seal.seal(ADA, payload);
        for (int i = 0; i < sealed.bytes().length; i++) {
            byte[] changed = sealed.bytes();
            changed[i] ^= 1;
            assertThat(seal.open(with(sealed, changed))).isEqualTo(new Unsealing.Damaged());
        }
        assertThat(seal.open(with(sealed, new byte[0]))).isEqualTo(new Unsealing.Damaged());
        assertThat(seal.open(with(sealed, new byte[] {1}))).isEqualTo(new Unsealing.Damaged());
    }

    @Test
    void cannotBeShownUnderAnotherRecord() {
        var one = seal.seal(ADA, payload);
        var two = seal.seal(ADA, payload);
        var swapped = new SealedPayload(two.id(), ADA, one.keyId(), one.bytes());
        assertThat(seal.open(swapped)).isEqualTo(new Unsealing.Damaged());
    }

    @Test
    void cannotBeShownForAnotherSubjectOrMonth() {
        var sealed = seal.seal(ADA, payload);
        keys.anyScope = true;
        for (var other :
                new SubjectKeys.Scope[] {
                    new SubjectKeys.Scope("evil", "p-ada", YearMonth.of(2026, 11)),
                    new SubjectKeys.Scope("acme", "p-bob", YearMonth.of(2026, 11)),
                    new SubjectKeys.Scope("acme", "p-ada", YearMonth.of(2026, 12))
                }) {
            var moved = new SealedPayload(sealed.id(), other, sealed.keyId(), sealed.bytes());
            assertThat(seal.open(moved)).isEqualTo(new Unsealing.Damaged());
        }
    }

    @Test
    void isErasedWithItsKeyAndStaysErasedWhenANewKeyFollows() {
        var sealed = seal.seal(ADA, payload);
        keys.destroy(ADA);
        assertThat(seal.open(sealed)).isEqualTo(new Unsealing.Erased());

        var later = seal.seal(ADA, payload);
        assertThat(seal.open(sealed)).isEqualTo(new Unsealing.Erased());
        assertThat(seal.open(later)).isEqualTo(new Unsealing.Opened(payload));
    }

    @Test
    void refusesAScopeThatCouldBeReadTwoWays() {
        var ambiguous = new SubjectKeys.Scope("acme\np", "ada", YearMonth.of(2026, 11));
        assertThatIllegalArgumentException().isThrownBy(() -> seal.seal(ambiguous, payload));
    }

    @Test
    void tellsTheRecordWhereItIs() {
        var sealed = seal.seal(ADA, payload);
        var reference = sealed.reference();
        assertThat(reference.id()).matches("[0-9a-f]{32}");
        assertThat(reference.subject()).isEqualTo("p-ada");
        assertThat(reference.month()).isEqualTo("2026-11");
        assertThat(reference.key()).isEqualTo(sealed.keyId());
        assertThat(reference.digest()).isEqualTo(SealedPayload.digest(sealed.bytes()));
    }

    @Test
    void aCommitmentFixesTheBytes() {
        byte[] salt = seal.salt();
        var commitment = Commitment.of(salt, payload.text());
        assertThat(commitment.matches(salt, payload.text())).isTrue();
        assertThat(commitment.matches(salt, new byte[0])).isFalse();
        assertThat(commitment.matches(seal.salt(), payload.text())).isFalse();
        assertThat(commitment.text()).matches("hmac-sha256:[0-9a-f]{64}");
    }

    /** RFC 4231 has no 32-byte key; this pins the construction, checked with another tool. */
    @Test
    void aCommitmentIsHmacSha256UnderTheSalt() {
        assertThat(Commitment.of(new byte[32], new byte[0]).text())
                .isEqualTo(
                        "hmac-sha256:"
                                + "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Commitment.of(new byte[31], new byte[0]));
    }

    private static SealedPayload with(SealedPayload sealed, byte[] bytes) {
        return new SealedPayload(sealed.id(), sealed.scope(), sealed.keyId(), bytes);
    }

    private static final class Keys implements SubjectKeys {
        private final Map<Scope, SubjectKey> current = new HashMap<>();
        private final SecureRandom random = new SecureRandom();
        private int created;
        private boolean anyScope;

        @Override
        public SubjectKey current(Scope scope) {
            return current.computeIfAbsent(scope, _ -> newKey());
        }

        @Override
        public Optional<SecretKey> find(Scope scope, String id) {
            return current.entrySet().stream()
                    .filter(entry -> anyScope || entry.getKey().equals(scope))
                    .map(Map.Entry::getValue)
                    .filter(key -> key.id().equals(id))
                    .map(SubjectKey::key)
                    .findFirst();
        }

        void destroy(Scope scope) {
            current.remove(scope);
        }

        private SubjectKey newKey() {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            return new SubjectKey("k" + created++, new SecretKeySpec(bytes, "AES"));
        }
    }
}
