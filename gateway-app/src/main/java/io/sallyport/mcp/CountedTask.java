package io.sallyport.mcp;

import io.sallyport.threads.Undertaking;
import java.util.concurrent.FutureTask;

/**
 * A task that counts until its work has ended. Cancelling it interrupts the work, which may go on
 * for a while and counts as long; what is cancelled before it begins counts no more.
 */
final class CountedTask extends FutureTask<Boolean> {
    private final Undertaking undertaking;

    /**
     * @param over runs once when the work has ended, or will not begin
     */
    CountedTask(Runnable work, Runnable over) {
        this(work, new Undertaking(over));
    }

    private CountedTask(Runnable work, Undertaking undertaking) {
        super(() -> undertaking.run(() -> ran(work)));
        this.undertaking = undertaking;
    }

    private static boolean ran(Runnable work) {
        work.run();
        return true;
    }

    @Override
    protected void done() {
        undertaking.giveUp();
    }
}
