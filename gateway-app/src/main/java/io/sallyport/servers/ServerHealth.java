package io.sallyport.servers;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a server does, as far as listing and calling it has shown.
 *
 * @param since when it came into this state
 * @param lastSuccess when it last answered; to the second
 * @param lastFault what went wrong last, if anything has
 */
public record ServerHealth(
        State state,
        Instant since,
        Optional<Instant> lastSuccess,
        Optional<ServerFault> lastFault) {
    /** From the best to the worst. */
    public enum State {
        UP,
        /** It answers, but not always, or not with what can be used. */
        DEGRADED,
        /** Nothing answers, or nothing may be sent there. */
        DOWN,
        /** It does not accept the credential that it is shown. */
        UNAUTHORISED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
