package io.sallyport.catalog.schema;

import com.networknt.schema.SchemaException;

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
     * Longest time, however slow the machine: 250 ms less a margin for one keyword and the
     * scheduler.
     */
    private static final long MAX_NANOS = 200_000_000;

    /** Work between two looks at the clock. */
    private static final long WORK_PER_LOOK = 100_000;

    private static final ScopedValue<Effort> CURRENT = ScopedValue.newInstance();

    private final long started = System.nanoTime();
    private final long most;
    private final long maxNanos;
    private long spent;
    private long nextLook;

    private Effort(long most, long maxNanos) {
        this.most = most;
        this.maxNanos = maxNanos;
        nextLook = Math.min(most, WORK_PER_LOOK);
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

    /** Runs {@code validation} with a fresh allowance. */
    static <T> T bounded(ScopedValue.CallableOp<T, RuntimeException> validation) {
        return ScopedValue.where(CURRENT, new Effort(MAX_WORK, MAX_NANOS)).call(validation);
    }

    /** Runs {@code validation} with so small an allowance that it delays nobody. */
    static <T> T brief(ScopedValue.CallableOp<T, RuntimeException> validation) {
        return ScopedValue.where(CURRENT, new Effort(BRIEF_WORK, MAX_NANOS)).call(validation);
    }

    /**
     * Runs {@code check} with the whole allowance and no clock: a schema that is judged once must
     * not be rejected because the machine was busy then.
     */
    static <T> T counted(ScopedValue.CallableOp<T, RuntimeException> check) {
        return ScopedValue.where(CURRENT, new Effort(MAX_WORK, Long.MAX_VALUE)).call(check);
    }

    /** Throws {@link Exhausted} if the current validation cannot afford {@code work} more. */
    static void charge(long work) {
        CURRENT.get().spend(work);
    }

    private void spend(long work) {
        spent += work;
        if (spent < nextLook) {
            return;
        }
        nextLook = spent + WORK_PER_LOOK;
        if (spent > most || isLate() || Thread.currentThread().isInterrupted()) {
            throw new Exhausted();
        }
    }

    private boolean isLate() {
        return System.nanoTime() - started > maxNanos;
    }
}
