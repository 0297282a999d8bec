package io.sallyport.egress;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of answers is kept in memory until they are whole: of all together, and of one tenant at
 * most half of that. Who is beyond loses his answer, so that nobody's servers take everybody's
 * memory.
 */
final class KeptBytes {
    /** What an answer may have without being counted: most are smaller. */
    static final long UNCOUNTED = 64 * 1024;

    /** Of the heap; read and judged, an answer takes some times as much as its bytes. */
    private static final int SHARE = 4;

    private final long most;
    private final AtomicLong all = new AtomicLong();
    private final ConcurrentHashMap<String, Long> each = new ConcurrentHashMap<>();

    KeptBytes(long most) {
        this.most = most;
    }

    static KeptBytes ofHeap() {
        return new KeptBytes(Runtime.getRuntime().maxMemory() / SHARE);
    }

    private boolean take(String tenant, long bytes) {
        var own = each.merge(tenant, bytes, Long::sum);
        if (all.addAndGet(bytes) > most || own > most / 2) {
            give(tenant, bytes);
            return false;
        }
        return true;
    }

    private void give(String tenant, long bytes) {
        all.addAndGet(-bytes);
        each.merge(tenant, -bytes, Long::sum);
        each.remove(tenant, 0L);
    }

    /** Counts for one answer. */
    EgressReply.Keeper of(String tenant) {
        return new One(tenant);
    }

    private final class One implements EgressReply.Keeper {
        private final String tenant;
        private long bytes;
        private long taken;
        private boolean closed;

        One(String tenant) {
            this.tenant = tenant;
        }

        @Override
        public synchronized void add(long more) {
            bytes += more;
            var beyond = bytes - UNCOUNTED - taken;
            if (closed || beyond <= 0) {
                return;
            }
            if (!take(tenant, beyond)) {
                throw new EgressFailure.Overloaded();
            }
            taken += beyond;
        }

        @Override
        public synchronized void clear() {
            bytes = 0;
            if (taken > 0) {
                give(tenant, taken);
                taken = 0;
            }
        }

        @Override
        public synchronized void close() {
            clear();
            closed = true;
        }
    }
}
