package io.sallyport.mcp;

import io.sallyport.identity.Caller;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The open sessions of this process; idle ones end by themselves. */
final class Sessions {
    private static final Duration IDLE = Duration.ofMinutes(30);

    /** Beyond it, idle sessions are cleared before a new one is opened. */
    private static final int SWEEP_FROM = 10_000;

    private static final int ID_BYTES = 32;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Entry> open = new ConcurrentHashMap<>();

    private static final class Entry {
        private final Session session;
        private volatile Instant used;

        Entry(Session session, Instant used) {
            this.session = session;
            this.used = used;
        }
    }

    Sessions(Clock clock) {
        this.clock = clock;
    }

    /** Opens a session; its id is 256 random bits. */
    String open(Session session) {
        if (open.size() >= SWEEP_FROM) {
            open.values().removeIf(this::isIdle);
        }
        var id = new byte[ID_BYTES];
        random.nextBytes(id);
        var text = HexFormat.of().formatHex(id);
        open.put(text, new Entry(session, clock.instant()));
        return text;
    }

    /**
     * The session, if it exists and is this caller's at this endpoint: a foreign one does not
     * exist.
     */
    Optional<Session> find(String id, Caller caller, String endpoint) {
        return Optional.ofNullable(open.get(id))
                .filter(it -> !isIdle(it))
                .filter(it -> it.session.belongsTo(caller, endpoint))
                .map(this::touch);
    }

    private Session touch(Entry entry) {
        entry.used = clock.instant();
        return entry.session;
    }

    private boolean isIdle(Entry entry) {
        return entry.used.plus(IDLE).isBefore(clock.instant());
    }

    /** Ends the session; false if it is not this caller's. */
    boolean end(String id, Caller caller, String endpoint) {
        return find(id, caller, endpoint).map(_ -> open.remove(id) != null).orElse(false);
    }
}
