package io.sallyport.mcp;

import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What must happen without anyone asking: open streams say that they live, idle sessions end. */
final class KeepAlive implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final long silence;
    private final Sessions sessions;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final SupervisedThread thread;

    /**
     * @param silence after which a stream says that it lives
     */
    KeepAlive(Duration silence, Sessions sessions, Supervision supervision) {
        this.silence = silence.toNanos();
        this.sessions = sessions;
        thread = supervision.platform("mcp-keep-alive", this::run);
        thread.start();
    }

    void watch(Channel channel) {
        channels.add(channel);
    }

    private void run() throws InterruptedException {
        while (!thread.isStoppedWithin(TICK)) {
            beat();
        }
    }

    private void beat() {
        var now = System.nanoTime();
        channels.removeIf(Channel::isClosed);
        channels.forEach(it -> it.keepAlive(now, silence));
        sessions.sweep();
    }

    @Override
    public void close() {
        thread.stop();
    }
}
