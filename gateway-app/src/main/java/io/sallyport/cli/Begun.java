package io.sallyport.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The parts that a command has begun. However and whenever the process ends, each of them is ended,
 * the last one first; a signal that comes while a part begins waits for it.
 */
final class Begun {
    private final Deque<Runnable> ends = new ArrayDeque<>();
    private boolean hasEnded;

    private Begun() {}

    /** Begins one part. */
    @FunctionalInterface
    interface Beginning<T> {
        T begin() throws InterruptedException;
    }

    static Begun untilExit() {
        var begun = new Begun();
        Runtime.getRuntime().addShutdownHook(new Thread(begun::end, "end"));
        return begun;
    }

    /**
     * @throws InterruptedException if the process ends already: nothing more is begun
     */
    synchronized <T> T begin(Beginning<T> beginning, Consumer<T> end) throws InterruptedException {
        if (hasEnded) {
            throw new InterruptedException("the process ends");
        }
        var part = beginning.begin();
        ends.push(() -> end.accept(part));
        return part;
    }

    private synchronized void end() {
        hasEnded = true;
        while (!ends.isEmpty()) {
            ends.pop().run();
        }
    }
}
