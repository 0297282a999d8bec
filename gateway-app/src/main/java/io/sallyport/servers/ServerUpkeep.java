package io.sallyport.servers;

import io.sallyport.bridge.ServerChange;
import io.sallyport.threads.Await;
import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * Keeps what is known of one server fresh, on two virtual threads of its own: one lists it, one
 * listens to what it says of changes. So a slow server delays nobody else.
 */
final class ServerUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerUpkeep.class);

    /** Changes that may wait to be read; they all say the same. */
    private static final int PREFETCH = 16;

    private final ServerKey key;
    private final Upstream upstream;
    private final UpkeepRhythm rhythm;
    private final BlockingQueue<Hint> hints = new ArrayBlockingQueue<>(1);
    private final SupervisedThread lister;
    private final SupervisedThread listener;

    /** There is something new to list; more hints say no more than one. */
    private enum Hint {
        CHANGED
    }

    /** The server, as far as its upkeep is concerned. */
    interface Upstream {
        /** Lists it again; may wait for a place. */
        Relisting list() throws InterruptedException;

        /** What it says of changes, from the moment of subscription. */
        Flux<ServerChange> changes();
    }

    private ServerUpkeep(
            Supervision supervision,
            ServerKey key,
            Upstream upstream,
            UpkeepRhythm rhythm,
            Duration untilFirst) {
        this.key = key;
        this.upstream = upstream;
        this.rhythm = rhythm;
        lister = supervision.virtual("server-lists", () -> list(untilFirst));
        listener = supervision.virtual("server-changes", this::listen);
    }

    /**
     * @param untilFirst how long until the first listing; none or less for at once
     */
    static ServerUpkeep start(
            Supervision supervision,
            ServerKey key,
            Upstream upstream,
            UpkeepRhythm rhythm,
            Duration untilFirst) {
        var upkeep = new ServerUpkeep(supervision, key, upstream, rhythm, untilFirst);
        upkeep.lister.start();
        upkeep.listener.start();
        return upkeep;
    }

    private void list(Duration untilFirst) throws InterruptedException {
        var wait = untilFirst;
        int restless = 0;
        do {
            hints.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            var listing = upstream.list();
            wait = UpkeepRhythm.spread(rhythm.after(listing));
            restless =
                    switch (listing) {
                        case SAME -> restless / 2;
                        case CHANGED -> restless + 1;
                        case FAILED -> restless;
                    };
        } while (!lister.isStoppedWithin(rhythm.gapAfter(restless)));
    }

    private void listen() throws InterruptedException {
        var pause = rhythm.firstReopen();
        while (!listener.isStoppedWithin(pause)) {
            pause = follow() ? rhythm.firstReopen() : rhythm.after(pause);
        }
    }

    /** Listens until the stream ends; whether it said anything. */
    private boolean follow() throws InterruptedException {
        boolean heard = false;
        try (var changes = Await.items(upstream.changes(), PREFETCH)) {
            for (var change = changes.next(); change.isPresent(); change = changes.next()) {
                heard = true;
                hear(change.get());
            }
        } catch (RuntimeException e) {
            LOG.debug("changes of {} are lost: {}", key, e.getClass().getSimpleName());
            hints.offer(Hint.CHANGED); // whatever happened until it listens again
        }
        return heard;
    }

    private void hear(ServerChange change) {
        switch (change) {
            case ServerChange.OfList _ -> hints.offer(Hint.CHANGED);
            case ServerChange.OfResource _ -> LOG.debug("{} told of a resource, unasked", key);
        }
    }

    @Override
    public void close() {
        lister.stop();
        listener.stop();
    }
}
