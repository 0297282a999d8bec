package io.sallyport.catalog.schema;

import com.networknt.schema.SchemaException;

/**
 * What one validation may still spend. It belongs to the thread's current validation, because the
 * library hands a regular expression nothing but the text.
 *
 * <p>Work is counted, so that a verdict does not depend on how busy the machine is; the clock is
 * only the last resort, and a small call never looks at it.
 */
final class Effort {
    /** Units of about 10 ns, as measured: 150 ms in all. */
    private static final long MAX_WORK = 15_000_000;

    /**
     * Longest time, however slow the machine: 250 ms less a margin for one keyword and the
     * scheduler.
     */
    private static final long MAX_NANOS = 200_000_000;

    /** Work between two looks at the clock. */
    private static final long WORK_PER_LOOK = 100_000;

    private static final ScopedValue<Effort> CURRENT = ScopedValue.newInstance();

    private final long started = System.nanoTime();
    private long spent;
    private long nextLook = WORK_PER_LOOK;

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
        return ScopedValue.where(CURRENT, new Effort()).call(validation);
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
        if (spent > MAX_WORK || System.nanoTime() - started > MAX_NANOS) {
            throw new Exhausted();
        }
    }
}
