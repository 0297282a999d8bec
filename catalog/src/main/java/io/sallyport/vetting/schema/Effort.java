package io.sallyport.vetting.schema;

import com.networknt.schema.SchemaException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What one validation may still spend. It belongs to the thread's current validation, because the
 * library hands a regular expression nothing but the text.
 *
 * <p>Work is counted, so that a verdict does not depend on how busy the machine is; the clock is
 * only the last resort, and a small call never looks at it. Whoever interrupts the thread ends the
 * validation.
 */
final class Effort {
    /** Units of about 10 ns, as measured: 150 ms in all. */
    private static final long MAX_WORK = 15_000_000;

    /** What a validation may spend on its caller's own thread: half a millisecond. */
    private static final long BRIEF_WORK = 50_000;

    /**
     * Longest time of the thread, however slow the machine: 250 ms less a margin for one keyword.
     * What else the machine does meanwhile does not count.
     */
    private static final long MAX_NANOS = 200_000_000;

    /** Work between two looks at the clock. */
    private static final long WORK_PER_LOOK = 100_000;

    /** Text that is read, copied, hashed or compared some times. */
    private static final int CHARACTERS_PER_UNIT = 8;

    private static final ScopedValue<Effort> CURRENT = ScopedValue.newInstance();

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long started = now();
    private final long most;
    private final long maxNanos;
    private long spent;
    private long nextLook = WORK_PER_LOOK;
    private boolean exhausted;

    private Effort(long most, long maxNanos) {
        this.most = most;
        this.maxNanos = maxNanos;
    }

    /** Thrown through the library; {@link SchemaException} is what it passes on without logging. */
    static final class Exhausted extends SchemaException {
        private static final long serialVersionUID = 1L;

        Exhausted() {
            super("validation budget exhausted");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** The allowance of a validation. */
    static Effort bounded() {
        return new Effort(MAX_WORK, MAX_NANOS);
    }

    /** So small an allowance that it delays nobody. */
    static Effort brief() {
        return new Effort(BRIEF_WORK, MAX_NANOS);
    }

    /**
     * The whole allowance and no clock: a schema that is judged once must not be rejected because
     * the machine was busy then.
     */
    static Effort counted() {
        return new Effort(MAX_WORK, Long.MAX_VALUE);
    }

    /** Runs {@code validation} with what is left of this allowance. */
    <T> T run(ScopedValue.CallableOp<T, RuntimeException> validation) {
        return ScopedValue.where(CURRENT, this).call(validation);
    }

    /**
     * Throws {@link Exhausted} if the current validation cannot afford {@code work} more. Whoever
     * catches that gains nothing: it can afford nothing any more, however little.
     */
    static void charge(long work) {
        CURRENT.get().spend(work);
    }

    /** The same for work that grows with {@code text}. */
    static void charge(String text) {
        charge(text.length() / CHARACTERS_PER_UNIT);
    }

    /** Ends the current validation as one that costs too much, whatever is left. */
    static Exhausted end() {
        return CURRENT.get().exhaust();
    }

    /** Units of the work that was begun. */
    long spent() {
        return spent;
    }

    private void spend(long work) {
        if (exhausted || work > most - spent) {
            throw exhaust();
        }
        if (spent + work >= nextLook) {
            look();
            nextLook = spent + work + WORK_PER_LOOK;
        }
        spent += work;
    }

    private void look() {
        boolean isLate = now() - started > maxNanos;
        if (isLate || Thread.currentThread().isInterrupted()) {
            throw exhaust();
        }
    }

    /** The JDK knows what a platform thread spent; what runs on a virtual one is brief. */
    private static long now() {
        return Thread.currentThread().isVirtual()
                ? System.nanoTime()
                : THREADS.getCurrentThreadCpuTime();
    }

    private Exhausted exhaust() {
        exhausted = true;
        return new Exhausted();
    }
}
