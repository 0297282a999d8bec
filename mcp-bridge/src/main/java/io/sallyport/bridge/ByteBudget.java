package io.sallyport.bridge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that foreign JSON may take in this process at once, as text and as trees. What does not
 * fit is refused before it is read, so that memory never runs out because many send much.
 *
 * <p>A tenant has at most half of it and a key two fifths, and the last quarter is for what is
 * small: large bodies of some never keep out the ordinary requests of others.
 */
public final class ByteBudget {
    /** The rest of the heap is for everything else, and for what is garbage already. */
    private static final int PART_OF_HEAP = 3;

    /** An ordinary request with its tree. */
    private static final long SMALL = 512 * 1024;

    private final long most;
    private final AtomicLong held = new AtomicLong();
    private final Map<String, Long> byHolder = new ConcurrentHashMap<>();

    /**
     * @param most bytes in all
     */
    public ByteBudget(long most) {
        this.most = most;
    }

    /** A third of what the heap may grow to. */
    public static ByteBudget ofHeap() {
        return new ByteBudget(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /** Whether so much could be had if nothing else were held. */
    public boolean isEverEnoughFor(long bytes) {
        return bytes <= mostOfKey();
    }

    private long mostOfKey() {
        return most / 5 * 2;
    }

    /** Bytes that are held now. */
    public long held() {
        return held.get();
    }

    /**
     * A claim of nothing yet.
     *
     * @param tenant whose data it is; the peer's address where that is not known
     * @param key who sent it
     */
    public Claim claim(String tenant, String key) {
        return new Claim("tenant " + tenant, "key " + tenant + " " + key);
    }

    private boolean take(String holder, long bytes, long limit) {
        var now = byHolder.merge(holder, bytes, Long::sum);
        if (now > limit) {
            giveBack(holder, bytes);
            return false;
        }
        return true;
    }

    private void giveBack(String holder, long bytes) {
        byHolder.computeIfPresent(holder, (_, now) -> now > bytes ? now - bytes : null);
    }

    /** What one request or reply holds, until it is closed. May be used by any thread. */
    public final class Claim implements AutoCloseable {
        private final String tenant;
        private final String key;
        private long bytes;
        private boolean closed;

        private Claim(String tenant, String key) {
            this.tenant = tenant;
            this.key = key;
        }

        /** Whether so many bytes more may be held, and then they are. */
        public synchronized boolean grow(long more) {
            if (closed || !fits(more)) {
                return false;
            }
            bytes += more;
            return true;
        }

        private boolean fits(long more) {
            var limit = bytes + more <= SMALL ? most : most / 4 * 3;
            if (held.addAndGet(more) <= limit) {
                if (take(tenant, more, most / 2)) {
                    if (take(key, more, mostOfKey())) {
                        return true;
                    }
                    giveBack(tenant, more);
                }
            }
            held.addAndGet(-more);
            return false;
        }

        @Override
        public synchronized void close() {
            if (!closed && bytes > 0) {
                held.addAndGet(-bytes);
                giveBack(tenant, bytes);
                giveBack(key, bytes);
            }
            closed = true;
        }
    }
}
