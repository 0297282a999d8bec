package io.sallyport.chat;

import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * When requests that have no answer yet were made first: their repetitions belong to no run that
 * had ended before. In memory, so it is not known of a request that another gateway got.
 */
final class FirstAttempts {
    /** Of one key; the oldest is forgotten, and its repetition may find an older run. */
    static final int OF_KEY = 50;

    private static final long KEPT = Claims.KEPT.toNanos();

    /** Between two looks for keys that are used no more. */
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final Map<ApiKey, Unanswered> keys = new ConcurrentHashMap<>();
    private final AtomicLong cleared = new AtomicLong(System.nanoTime());

    /** Whose requests they are: an API key. */
    record ApiKey(TenantId tenant, String id) {
        static ApiKey of(ChatCall call) {
            var principal = call.caller().principal();
            return new ApiKey(principal.tenant(), principal.credential());
        }
    }

    /**
     * Two of one key that are alike are one. Event loops compare them: there is no digest in it.
     */
    record Likeness(int length, int body, int headers) {
        static Likeness of(ChatCall call) {
            var body = call.body();
            return new Likeness(body.length, Arrays.hashCode(body), call.ourHeaders().hashCode());
        }
    }

    /** Those of one key, the oldest first. */
    private static final class Unanswered {
        private final LinkedHashMap<Likeness, Long> begun = new LinkedHashMap<>();

        synchronized Unanswered with(Likeness request, long now) {
            begun.remove(request); // it is the youngest now
            begun.put(request, now);
            if (begun.size() > OF_KEY || now - begun.firstEntry().getValue() > KEPT) {
                begun.pollFirstEntry();
            }
            return this;
        }

        synchronized @Nullable Unanswered without(Likeness request) {
            begun.remove(request);
            return begun.isEmpty() ? null : this;
        }

        synchronized @Nullable Unanswered ifYoung(long now) {
            return now - begun.lastEntry().getValue() > KEPT ? null : this;
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
    void add(ApiKey key, Likeness request, long now) {
        clear(now);
        keys.compute(
                key, (_, known) -> (known == null ? new Unanswered() : known).with(request, now));
    }

    /** The request has got an answer, or a repetition of it has. */
    void remove(ApiKey key, Likeness request) {
        keys.computeIfPresent(key, (_, known) -> known.without(request));
    }

    /** When the request was made first, by {@link System#nanoTime}; empty if that is unknown. */
    Optional<Long> begun(ApiKey key, Likeness request) {
        return Optional.ofNullable(keys.get(key)).flatMap(it -> it.of(request));
    }

    /** How many keys have requests in here. */
    int keys() {
        return keys.size();
    }

    /** Forgets keys of which nothing was heard for so long that no run of theirs is kept. */
    private void clear(long now) {
        var last = cleared.get();
        if (now - last > PAUSE && cleared.compareAndSet(last, now)) {
            keys.keySet().forEach(key -> keys.computeIfPresent(key, (_, it) -> it.ifYoung(now)));
        }
    }
}
