package io.sallyport.mcp;

import io.sallyport.catalog.JsonText;
import io.sallyport.error.Reason;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.Rejections;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** The open sessions of this process; idle ones end by themselves, and others with their key. */
final class Sessions {
    /** A principal that needs more at once forgets to end them; unless set otherwise. */
    static final int MAX_EACH = 1_000;

    private static final int ID_BYTES = 16;

    private final StateKeys keys;
    private final Rejections rejections;
    private final BiPredicate<TenantId, String> usable;
    private final Clock clock;
    private final McpSettings settings;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> open = new ConcurrentHashMap<>();
    private final Map<Holder, Map<String, Session>> held = new ConcurrentHashMap<>();

    /** Whose sessions are counted together. */
    private record Holder(String tenant, String subject) {
        static Holder of(Session session) {
            return new Holder(session.owner().tenant().value(), session.owner().subject());
        }
    }

    /**
     * @param usable whether a tenant's key, by its id, still is
     */
    Sessions(
            StateKeys keys,
            Rejections rejections,
            BiPredicate<TenantId, String> usable,
            Clock clock,
            McpSettings settings) {
        this.keys = keys;
        this.rejections = rejections;
        this.usable = usable;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * Opens a session. Its id is 128 random bits, sealed for its owner; if the principal has too
     * many, the one that was idle longest ends.
     */
    String open(Session.Owner owner, String credential, Session.Greeting greeting) {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        var id = keys.seal(bytes, context(owner));
        var session = new Session(owner, credential, greeting, clock.instant());
        open.put(id, session);
        held.compute(Holder.of(session), (_, own) -> withRoomFor(id, session, own));
        return id;
    }

    private Map<String, Session> withRoomFor(
            String id, Session session, @Nullable Map<String, Session> own) {
        var sessions = own == null ? new LinkedHashMap<String, Session>() : own;
        if (sessions.size() >= settings.sessions()) {
            sessions.entrySet().stream()
                    .min(Comparator.comparing(it -> it.getValue().used()))
                    .ifPresent(oldest -> {
                        sessions.remove(oldest.getKey());
                        open.remove(oldest.getKey());
                        oldest.getValue().close();
                    });
        }
        sessions.put(id, session);
        return sessions;
    }

    private static String context(Session.Owner owner) {
        var parts = JsonNodeFactory.instance.arrayNode();
        parts.add("mcp-session")
                .add(owner.tenant().value())
                .add(owner.subject())
                .add(owner.endpoint());
        return JsonText.text(parts);
    }

    /**
     * The session, if it exists and is this caller's at this endpoint. A foreign one does not
     * exist, and the attempt is recorded. An id that is open was sealed here, so it is not opened
     * again.
     */
    Optional<Session> find(String id, Caller caller, String endpoint) {
        var session = open.get(id);
        if (session == null || isIdle(session) || isOrphaned(session)) {
            return Optional.empty();
        }
        if (!session.owner().equals(Session.Owner.of(caller, endpoint))) {
            rejections.rejected(caller, "mcp", Reason.FOREIGN_SESSION.code());
            return Optional.empty();
        }
        session.touch(clock.instant());
        return Optional.of(session);
    }

    private boolean isIdle(Session session) {
        return !session.isBusy()
                && session.used().plus(settings.sessionIdle()).isBefore(clock.instant());
    }

    /** Ends the session and all that is under way in it; false if it is not this caller's. */
    boolean end(String id, Caller caller, String endpoint) {
        var session = find(id, caller, endpoint);
        session.ifPresent(it -> remove(id, it));
        return session.isPresent();
    }

    private void remove(String id, Session session) {
        open.remove(id);
        held.computeIfPresent(
                Holder.of(session),
                (_, own) -> {
                    own.remove(id);
                    return own.isEmpty() ? null : own;
                });
        session.close();
    }

    private boolean isOrphaned(Session session) {
        return !usable.test(session.owner().tenant(), session.credential());
    }

    /** Ends what nobody used for too long, and what was opened with a key that is no more. */
    void sweep() {
        open.forEach((id, session) -> {
            if (isIdle(session) || isOrphaned(session)) {
                remove(id, session);
            }
        });
    }

    int count() {
        return open.size();
    }
}
