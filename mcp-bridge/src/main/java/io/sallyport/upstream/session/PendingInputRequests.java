package io.sallyport.upstream.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The streams of one server that wait for answers to what it asked. */
final class PendingInputRequests {
    private static final int TICKET_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Question> waiting = new ConcurrentHashMap<>();
    private final SessionUpstream.Limits limits;

    PendingInputRequests(SessionUpstream.Limits limits) {
        this.limits = limits;
    }

    Duration patience() {
        return limits.patience();
    }

    String ticket() {
        var bytes = new byte[TICKET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether there was room for it; the server is refused what is beyond. */
    synchronized boolean admit(Question question) {
        if (waiting.size() >= limits.parked() || isFullFor(question.stream().principal())) {
            return false;
        }
        waiting.put(question.ticket(), question);
        return true;
    }

    private boolean isFullFor(String principal) {
        var own = waiting.values().stream().filter(it -> it.stream().belongsTo(principal));
        return own.count() >= limits.parkedEach();
    }

    /** The question of that ticket, which is used by this. */
    Optional<Question> take(String ticket) {
        return Optional.ofNullable(waiting.remove(ticket));
    }

    /** The same for the one on whose behalf it was asked, and for nobody else. */
    Optional<Question> take(String ticket, String session) {
        return Optional.ofNullable(waiting.get(ticket))
                .filter(it -> it.stream().belongsTo(session))
                .flatMap(_ -> take(ticket));
    }

    List<Question> drain() {
        return waiting.keySet().stream().flatMap(it -> take(it).stream()).toList();
    }
}
