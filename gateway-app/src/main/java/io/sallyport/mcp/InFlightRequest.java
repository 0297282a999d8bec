package io.sallyport.mcp;

/**
 * The work on one request. Whether a client that leaves stops it depends on the lane: closing is
 * cancelling in 2026, and was not before.
 */
final class InFlightRequest {
    private final Channel channel;
    private final CountedTask running;
    private boolean endsWithClient;
    private boolean clientLeft;
    private volatile boolean begun;
    private volatile boolean aborted;

    /** What a lane does with a request. */
    @FunctionalInterface
    interface Work {
        RpcAnswer answer(InFlightRequest inFlight) throws InterruptedException;
    }

    /**
     * @param over runs once when the work has ended, or will not begin
     */
    InFlightRequest(boolean streams, Work work, Runnable over) {
        channel = new Channel(streams, System.nanoTime(), this::leave);
        running = new CountedTask(() -> run(work), over);
    }

    Channel channel() {
        return channel;
    }

    Runnable running() {
        return running;
    }

    private void run(Work work) {
        begun = true;
        try {
            channel.finish(work.answer(this));
        } catch (InterruptedException _) {
            channel.finish(RpcAnswer.accepted()); // nobody waits for it any more
        } catch (RuntimeException | Error e) {
            channel.fail(e);
        }
    }

    private void leave() {
        boolean stops;
        synchronized (this) {
            clientLeft = true;
            stops = endsWithClient;
        }
        if (stops) {
            cancel();
        }
    }

    /** From now on the client's leaving interrupts the work. */
    void endWithClient() {
        boolean late;
        synchronized (this) {
            endsWithClient = true;
            late = clientLeft;
        }
        if (late) {
            cancel();
        }
    }

    /** Interrupts the work, of which its client wants to hear no more. */
    void cancel() {
        running.cancel(true);
    }

    /** Interrupts the work, and whoever asked for it is told how far it came. */
    void abort() {
        aborted = true;
        cancel();
    }

    boolean isAborted() {
        return aborted;
    }

    boolean isCancelled() {
        return running.isCancelled();
    }

    /** Cancelled before its turn came, so that nothing answers it. */
    boolean isForgone() {
        return isCancelled() && !begun;
    }
}
