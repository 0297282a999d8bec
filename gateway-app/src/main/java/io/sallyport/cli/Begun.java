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
    private final Consumer<String> told;
    private volatile boolean isBeginning;
    private boolean hasEnded;

    private Begun(Consumer<String> told) {
        this.told = told;
    }

    /** Begins one part. */
    @FunctionalInterface
    interface Beginning<T> {
        T begin() throws InterruptedException;
    }

    /**
     * @param told hears that the parts are being ended, and that they have been
     * @throws InterruptedException if the process ends already: nothing may begin
     */
    static Begun untilExit(Consumer<String> told) throws InterruptedException {
        var begun = new Begun(told);
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(begun::tellEnd, "end"));
        } catch (IllegalStateException _) {
            throw new InterruptedException("the process ends");
        }
        return begun;
    }

    /**
     * @throws InterruptedException if the process ends already: nothing more is begun
     */
    synchronized <T> T begin(Beginning<T> beginning, Consumer<T> end) throws InterruptedException {
        if (hasEnded) {
            throw new InterruptedException("the process ends");
        }
        isBeginning = true;
        try {
            var part = beginning.begin();
            ends.push(() -> end.accept(part));
            return part;
        } finally {
            isBeginning = false;
        }
    }

    private void tellEnd() {
        if (isBeginning) {
            told.accept("stops as soon as it has started");
        }
        end();
    }

    private synchronized void end() {
        hasEnded = true;
        if (ends.isEmpty()) {
            return;
        }
        told.accept("stops");
        while (!ends.isEmpty()) {
            ends.pop().run();
        }
        told.accept("has stopped");
    }
}
