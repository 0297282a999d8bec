package io.sallyport.bridge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that foreign JSON may take in this process at once, as text and as trees. What does not
 * fit is refused before it is kept, so that memory never runs out because many send much.
 *
 * <p>Only bytes that are there count for all. A tenant has at most half of them and a key two
 * fifths; what it has announced counts for its own limits at once. The last quarter is a reserve
 * for what is small, of which a tenant has at most an eighth: neither large bodies nor many small
 * ones of some keep out the ordinary requests of others.
 */
public final class ByteBudget {
    /** The rest of the heap is for everything else, and for what is garbage already. */
    private static final int PART_OF_HEAP = 3;

    /** An ordinary request with its tree: 200 kB of text. */
    private static final long SMALL = 768 * 1024;

    private static final int TENANTS_IN_RESERVE = 8;

    private final long most;
    private final long mostReserved;
    private final AtomicLong common = new AtomicLong();
    private final AtomicLong reserved = new AtomicLong();
    private final Map<String, Long> byHolder = new ConcurrentHashMap<>();

    /**
     * @param most bytes in all
     */
    public ByteBudget(long most) {
        this.most = most;
        mostReserved = most / 4;
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
        return common.get() + reserved.get();
    }

    /**
     * A claim of nothing yet.
     *
     * @param tenant whose data it is
     * @param key who sent it
     */
    public Claim claim(String tenant, String key) {
        return new Claim(tenant, key);
    }

    private static boolean take(AtomicLong part, long bytes, long limit) {
        if (part.addAndGet(bytes) > limit) {
            part.addAndGet(-bytes);
            return false;
        }
        return true;
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

    private boolean isRoomInReserve(String share, long bytes) {
        return reserved.get() + bytes <= mostReserved
                && byHolder.getOrDefault(share, 0L) + bytes <= mostReserved / TENANTS_IN_RESERVE;
    }

    /** What one request or reply holds, until it is closed. May be used by any thread. */
    public final class Claim implements AutoCloseable {
        private final String tenant;
        private final String key;
        private final String share;

        /** What counts for tenant and key: what is held, or what is announced if that is more. */
        private long own;

        private long bytes;
        private long inReserve;
        private boolean closed;

        private Claim(String tenant, String key) {
            this.tenant = "tenant " + tenant;
            this.key = "key " + tenant + " " + key;
            share = "reserve " + tenant;
        }

        /**
         * Whether so many bytes could be held now. They count for the tenant and the key from then
         * on, and for all only as they come: see {@link #grow}.
         */
        public synchronized boolean expect(long announced) {
            if (closed || !isRoomFor(announced) || !takeOwn(announced)) {
                return false;
            }
            own += announced;
            return true;
        }

        /** Whether so many bytes more may be held, and then they are. */
        public synchronized boolean grow(long more) {
            var unexpected = Math.max(0, bytes + more - own);
            if (closed || !takeOwn(unexpected)) {
                return false;
            }
            if (!takeShared(more)) {
                giveBackOwn(unexpected);
                return false;
            }
            own += unexpected;
            bytes += more;
            return true;
        }

        private boolean isRoomFor(long more) {
            return common.get() + more <= most - mostReserved
                    || more <= SMALL && isRoomInReserve(share, more);
        }

        private boolean takeOwn(long more) {
            if (more == 0) {
                return true;
            }
            if (take(tenant, more, most / 2)) {
                if (take(key, more, mostOfKey())) {
                    return true;
                }
                giveBack(tenant, more);
            }
            return false;
        }

        private void giveBackOwn(long less) {
            giveBack(tenant, less);
            giveBack(key, less);
        }

        private boolean takeShared(long more) {
            return more == 0
                    || take(common, more, most - mostReserved)
                    || bytes + more <= SMALL && takeReserved(more);
        }

        private boolean takeReserved(long more) {
            if (take(share, more, mostReserved / TENANTS_IN_RESERVE)) {
                if (take(reserved, more, mostReserved)) {
                    inReserve += more;
                    return true;
                }
                giveBack(share, more);
            }
            return false;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                common.addAndGet(inReserve - bytes);
                reserved.addAndGet(-inReserve);
                giveBack(share, inReserve);
                giveBackOwn(own);
            }
            closed = true;
        }
    }
}
