package io.sallyport.bridge.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The streams of one server that wait for answers to what it asked. */
final class Parking {
    private static final int TICKET_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Question> waiting = new ConcurrentHashMap<>();
    private final int most;
    private final Duration patience;

    /**
     * @param most streams that wait at the same time; the server is refused what is beyond
     * @param patience how long one waits
     */
    Parking(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    String ticket() {
        var bytes = new byte[TICKET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether there was room for it. */
    boolean admit(Question question) {
        if (waiting.size() >= most) {
            return false;
        }
        waiting.put(question.ticket(), question);
        return true;
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
