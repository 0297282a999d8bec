package io.sallyport.mcp;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must happen without anyone asking: open streams say that they live, idle sessions end. */
final class Pulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final long TICK_MILLIS = 1_000;

    private final long silence;
    private final Sessions sessions;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clockwork =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("mcp-pulse").factory());
    private final Future<?> beating;

    /**
     * @param silence after which a stream says that it lives
     */
    Pulse(Duration silence, Sessions sessions) {
        this.silence = silence.toNanos();
        this.sessions = sessions;
        beating =
                clockwork.scheduleWithFixedDelay(
                        this::beat, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void watch(Channel channel) {
        channels.add(channel);
    }

    private void beat() {
        try {
            var now = System.nanoTime();
            channels.removeIf(Channel::isClosed);
            channels.forEach(it -> it.keepAlive(now, silence));
            sessions.sweep();
        } catch (RuntimeException e) {
            LOG.error("pulse: {}", e.getClass().getSimpleName()); // and it beats on
        }
    }

    @Override
    public void close() {
        beating.cancel(false);
        clockwork.shutdownNow();
    }
}
