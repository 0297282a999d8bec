package io.sallyport.acceptance;

import io.sallyport.Sallyport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;
import reactor.core.scheduler.NonBlocking;

/**
 * The gateway with a watch on its event loops. What blocks one goes on, and where it did is written
 * down, each place once, when the gateway ends.
 */
public final class WatchedGateway {
    /** The file that it is written to, as a system property. */
    static final String FILE = "sallyport.blocked";

    private static final Set<String> PLACES = ConcurrentHashMap.newKeySet();

    private WatchedGateway() {}

    public static void main(String[] arguments) throws InterruptedException {
        BlockHound.install(WatchedGateway::configure);
        Runtime.getRuntime().addShutdownHook(new Thread(WatchedGateway::write, "watch"));
        var loop = new Loop();
        loop.start();
        loop.join();
        Sallyport.main(arguments);
    }

    /** Random bytes come from a device that never waits; the file system has no part in it. */
    private static void configure(BlockHound.Builder builder) {
        builder.blockingMethodCallback(WatchedGateway::seen)
                .allowBlockingCallsInside("java.security.SecureRandom", "nextBytes");
    }

    /** Shows that the watch sees what it is for. */
    private static final class Loop extends Thread implements NonBlocking {
        @Override
        public void run() {
            LockSupport.parkNanos(1);
        }
    }

    private static void seen(BlockingMethod method) {
        PLACES.add(
                StackWalker.getInstance()
                        .walk(frames ->
                                frames.skip(2)
                                        .map(StackWalker.StackFrame::toString)
                                        .collect(Collectors.joining(" < ", method + " at ", ""))));
    }

    private static void write() {
        try {
            Files.write(Path.of(System.getProperty(FILE)), PLACES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
