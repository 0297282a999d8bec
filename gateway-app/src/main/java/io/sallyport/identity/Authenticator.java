package io.sallyport.identity;

import java.time.Clock;
import java.util.Optional;

/** Tells whose key a bearer token is. There is no anonymous caller. */
public final class Authenticator {
    private static final String SCHEME = "Bearer ";

    private final KeyDirectory keys;
    private final KeyUses uses;
    private final Pepper pepper;
    private final Clock clock;

    public Authenticator(KeyDirectory keys, KeyUses uses, Pepper pepper, Clock clock) {
        this.uses = uses;
        this.keys = keys;
        this.pepper = pepper;
        this.clock = clock;
    }

    /** What an Authorization header proves. */
    public sealed interface Outcome {
        record Known(ApiKey key) implements Outcome {}

        record Missing() implements Outcome {}

        record Invalid() implements Outcome {}
    }

    /** Judges the value of an {@code Authorization} header (RFC 6750, section 2.1). */
    public Outcome judge(Optional<String> authorization) {
        if (authorization.isEmpty()) {
            return new Outcome.Missing();
        }
        var header = authorization.get();
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Outcome.Invalid();
        }
        return KeyText.read(header.substring(SCHEME.length()).strip())
                .flatMap(this::owner)
                .<Outcome>map(Outcome.Known::new)
                .orElseGet(Outcome.Invalid::new);
    }

    private Optional<ApiKey> owner(KeyText text) {
        var now = clock.instant();
        var owner =
                keys.byId(text.id())
                        .filter(it -> text.matches(it.mac(), pepper))
                        .filter(it -> it.usableAt(now));
        owner.ifPresent(it -> uses.used(it, now));
        return owner;
    }
}
