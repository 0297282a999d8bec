package io.sallyport.chat;

import io.sallyport.policy.TenantId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When requests that have no answer yet were made first: their repetitions belong to no run that
 * had ended before. In memory, so it is not known of a request that another gateway got.
 */
final class FirstAttempts {
    /** Of one key; the oldest is forgotten, and its repetition may find an older run. */
    static final int OF_KEY = 50;

    private final Map<Key, Unanswered> keys = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, String id) {}

    /** Two that are alike are one. Event loops compare them, so there is no digest in it. */
    record Likeness(TenantId tenant, String key, int length, int body, int headers) {
        static Likeness of(ChatCall call) {
            var principal = call.caller().principal();
            var body = call.body();
            return new Likeness(
                    principal.tenant(),
                    principal.credential(),
                    body.length,
                    Arrays.hashCode(body),
                    call.ourHeaders().hashCode());
        }
    }

    private static final class Unanswered {
        private final LinkedHashMap<Likeness, Long> begun = new LinkedHashMap<>();

        synchronized void add(Likeness request, long now) {
            begun.remove(request); // it is the youngest now
            begun.put(request, now);
            var eldest = begun.firstEntry();
            if (begun.size() > OF_KEY || now - eldest.getValue() > Claims.KEPT.toNanos()) {
                begun.remove(eldest.getKey());
            }
        }

        synchronized void remove(Likeness request) {
            begun.remove(request);
        }

        synchronized Optional<Long> of(Likeness request) {
            return Optional.ofNullable(begun.get(request));
        }
    }

    /**
     * A request is made that does not say that it repeats another.
     *
     * @param now {@link System#nanoTime}
     */
    void add(Likeness request, long now) {
        of(request).add(request, now);
    }

    /** The request has got an answer, or a repetition of it has. */
    void remove(Likeness request) {
        of(request).remove(request);
    }

    /** When the request was made first, by {@link System#nanoTime}; empty if that is unknown. */
    Optional<Long> begun(Likeness request) {
        return of(request).of(request);
    }

    private Unanswered of(Likeness request) {
        var key = new Key(request.tenant(), request.key());
        return keys.computeIfAbsent(key, _ -> new Unanswered());
    }
}
