package io.sallyport.telemetry;

import org.springframework.context.SmartLifecycle;

/** The last part to start and the first to stop: between the two the gateway serves. */
final class Serving implements SmartLifecycle {
    private volatile State state = State.STARTING;

    /** Where the gateway stands. */
    enum State {
        STARTING,
        SERVING,
        /** Nothing new is taken; what is under way may end. */
        DRAINING
    }

    State state() {
        return state;
    }

    @Override
    public void start() {
        state = State.SERVING;
    }

    @Override
    public void stop() {
        state = State.DRAINING;
    }

    @Override
    public boolean isRunning() {
        return state == State.SERVING;
    }
}
