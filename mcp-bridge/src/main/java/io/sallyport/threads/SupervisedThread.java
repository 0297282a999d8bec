package io.sallyport.threads;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A thread whose work goes on until it is told to stop. Whatever ends the work before, an {@code
 * Error} too, is logged and the work begun again after a pause; if not even that is possible, the
 * process ends. It never dies unnoticed.
 */
public final class SupervisedThread {
    private static final System.Logger LOG = System.getLogger(SupervisedThread.class.getName());

    /** Doubled with each failure in a row: a passing fault costs little, a lasting one too. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** After this long without a failure the next one is a first one. */
    private static final Duration STEADY = Duration.ofSeconds(60);

    /** Names the place; deeper frames say how the thread was made. */
    private static final int FRAMES = 12;

    /** EX_SOFTWARE of sysexits.h. */
    private static final int EXIT_SOFTWARE = 70;

    private final String name;
    private final Work work;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile State state = State.UNSTARTED;

    /** What a supervised thread does. */
    public interface Work {
        /** Returns, or is interrupted, once it was told to stop; else it is begun again. */
        void run() throws InterruptedException;
    }

    /** How a supervised thread is, best first. */
    public enum State {
        RUNNING,
        UNSTARTED,
        /** Its work has failed and will be begun again. */
        RESTARTING,
        ENDED
    }

    SupervisedThread(String name, Thread.Builder builder, Work work) {
        this.name = name;
        this.work = work;
        thread = builder.unstarted(this::supervise);
    }

    public void start() {
        thread.start();
    }

    String name() {
        return name;
    }

    State state() {
        return state;
    }

    /** True once it was told to stop. */
    public boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Waits between two pieces of work; true as soon as it was told to stop. */
    public boolean isStoppedWithin(Duration pause) throws InterruptedException {
        return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets the work return by itself, and begins it no more. */
    public void finish() {
        stopped.countDown();
    }

    /** The same, and interrupts the work. */
    public void stop() {
        finish();
        thread.interrupt();
    }

    /** Waits for the end; false if it has not come in time. */
    public boolean join(Duration patience) throws InterruptedException {
        return thread.getState() == Thread.State.NEW || thread.join(patience);
    }

    private void supervise() {
        try {
            keepAtWork();
        } catch (Throwable hopeless) { // cannot even say or wait: better no process than a deaf one
            Runtime.getRuntime().halt(EXIT_SOFTWARE);
        }
    }

    private void keepAtWork() {
        var pause = FIRST_PAUSE;
        while (!isStopped()) {
            state = State.RUNNING;
            var begun = System.nanoTime();
            var failure = failureOfWork();
            if (isStopped()) {
                failure.filter(it -> !(it instanceof InterruptedException)).ifPresent(this::tell);
                break;
            }
            state = State.RESTARTING;
            failure.ifPresentOrElse(this::tell, this::tellReturned);
            pause = System.nanoTime() - begun > STEADY.toNanos() ? FIRST_PAUSE : pause;
            rest(pause);
            pause = longer(pause);
        }
        state = State.ENDED;
    }

    private Optional<Throwable> failureOfWork() {
        try {
            work.run();
            return Optional.empty();
        } catch (Throwable e) {
            return Optional.of(e);
        }
    }

    /** Class and frames; the message may hold what no log may. */
    private void tell(Throwable failure) {
        var frames =
                Arrays.stream(failure.getStackTrace())
                        .limit(FRAMES)
                        .map(it -> "\n    at " + it)
                        .collect(Collectors.joining());
        LOG.log(
                System.Logger.Level.ERROR,
                "thread {0} failed{1}: {2}{3}",
                name,
                isStopped() ? "" : " and is begun again",
                failure.getClass().getName(),
                frames);
    }

    private void tellReturned() {
        LOG.log(System.Logger.Level.ERROR, "thread {0} returned and is begun again", name);
    }

    private void rest(Duration pause) {
        try {
            var _ = isStoppedWithin(pause);
        } catch (InterruptedException _) {
            // begun again a little earlier, or told to stop
        }
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
