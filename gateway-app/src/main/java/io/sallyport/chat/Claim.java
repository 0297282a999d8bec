package io.sallyport.chat;

import io.sallyport.chat.Claims.Asked;
import io.sallyport.chat.Claims.Found;
import io.sallyport.chat.Claims.Grant;
import io.sallyport.chat.Claims.State;
import io.sallyport.recording.StoreFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a run holds so that the same request made again finds it. Most runs hold nothing: a claim is
 * made before the first tool that may change something is called, unless the request came with a
 * key or is a repetition itself. The run's thread tells what happens, and when that has ended
 * whoever waits for its last call or writes its answer.
 */
final class Claim {
    private static final byte[] NOT_KEPT = {};

    /** After so long whoever asks again need not wait until an answer has been written. */
    private static final Duration WRITING = Duration.ofMinutes(1);

    private final Claims claims;
    private final Run run;
    private volatile Optional<Grant> grant;
    private volatile boolean answered;
    private State state;
    private boolean begun;
    private boolean kept;

    private Claim(Claims claims, Run run, Optional<Grant> grant, State state) {
        this.claims = claims;
        this.run = run;
        this.grant = grant;
        this.state = state;
    }

    /**
     * @param request is asked for if the run has to be claimed
     * @param alive how long it may take at most
     * @param keyed whether the caller gave a key
     */
    record Run(
            String id, Supplier<Asked> request, Duration alive, Journal journal, boolean keyed) {}

    /** Nothing is claimed yet. */
    static Claim later(Claims claims, Run run) {
        return new Claim(claims, run, Optional.empty(), State.CLAIMED);
    }

    /** The run may go on where its journal ends. */
    static Claim held(Claims claims, Run run, Grant grant) {
        return new Claim(claims, run, Optional.of(grant), State.CLAIMED);
    }

    /** The journal has the whole answer, and nothing may be called. */
    static Claim over(Claims claims, Run run) {
        return new Claim(claims, run, Optional.empty(), State.DELIVERED);
    }

    Journal journal() {
        return run.journal();
    }

    String run() {
        return run.id();
    }

    /** Whether anybody could find the run; never waits. */
    boolean isHeld() {
        return grant.isPresent();
    }

    /** Whether the whole answer was there, and is what the client was sent; never waits. */
    boolean isAnswered() {
        return answered;
    }

    /** The client is told of a failure, whatever was about to be shown; never waits. */
    void withdraw() {
        answered = false;
    }

    /**
     * The run's own thread has it from now on.
     *
     * @throws InterruptedException if whoever asked has left before
     */
    synchronized void begin() throws InterruptedException {
        if (begun) {
            throw new InterruptedException("nobody waits for the run");
        }
        begun = true;
    }

    /** Whoever asked has left; a run that its thread does not have yet is left as it was found. */
    synchronized void giveUp() {
        if (!begun) {
            begun = true;
            leave();
        }
    }

    /** How often somebody went on with the run, counted from 1. */
    int generation() {
        return grant.map(Grant::generation).orElse(1);
    }

    /**
     * A tool is about to be called that may change something.
     *
     * @throws ChatFailure if it must not be: somebody else has the run
     */
    synchronized void beforeChange() {
        var may =
                switch (state) {
                    case CLAIMED, BETWEEN -> grant.isPresent() ? move() : claim();
                    case CHANGING -> true;
                    case LEFT, ANSWERING, DELIVERED, FAILED -> false;
                };
        if (!may) {
            state = State.FAILED;
            throw new ChatFailure(ChatError.repeatedMeanwhile());
        }
        state = State.CHANGING;
    }

    private boolean move() {
        return claims.move(grant.orElseThrow(), State.CHANGING, Optional.empty(), run.alive());
    }

    private boolean claim() {
        return switch (claims.claim(run.request().get(), run.id(), run.alive())) {
            case Found.Claimed(var granted) -> {
                grant = Optional.of(granted);
                yield true;
            }
            case Found.Full _ -> throw new ChatFailure(ChatError.tooManyRuns());
            case Found.Nothing _, Found.Unfinished _, Found.Answered _ -> false;
            case Found.UnderWay _, Found.Failed _, Found.Mismatch _, Found.Busy _ -> false;
        };
    }

    /** All calls of a round have ended. */
    synchronized void endRound() {
        if (state == State.CHANGING) {
            journal().bytes().ifPresent(it -> tell(State.BETWEEN, Optional.of(it)));
        }
    }

    /** The whole answer is there, and is about to be shown. */
    synchronized void answer() {
        answered = true;
        if (!isOpen()) {
            return;
        }
        var answer = journal().bytes();
        kept = answer.isPresent();
        if (kept) {
            tell(State.ANSWERING, answer);
        } else {
            state = State.ANSWERING; // to others it looks as far as it was
        }
    }

    /** Whether all of the answer was written; tells nothing if there was none. */
    synchronized void written(boolean whole) {
        if (state != State.ANSWERING) {
            return;
        }
        if (!whole) {
            leave();
        } else if (kept || journal().hasEffects()) {
            tell(State.DELIVERED, kept ? Optional.empty() : Optional.of(NOT_KEPT));
        } else {
            release();
        }
    }

    /** Whoever asked has left, or was told of a failure before anything was changed. */
    synchronized void leave() {
        if (!isOpen()) {
            return;
        }
        var done = journal().bytes();
        var worth = journal().hasEffects() || run.keyed() && !journal().isEmpty();
        if (worth && done.isPresent()) {
            tell(State.LEFT, done);
        } else {
            fail(false);
        }
    }

    /**
     * There will be no answer. A run that has changed nothing may be made again.
     *
     * @param effects whether a call may have changed something that is not in the journal
     */
    synchronized void fail(boolean effects) {
        if (!isOpen()) {
            return;
        }
        if (effects || journal().hasEffects()) {
            tell(State.FAILED, Optional.empty());
        } else {
            release();
        }
    }

    /** Whether the run is held and has not ended. */
    private boolean isOpen() {
        return grant.isPresent() && !state.isOver();
    }

    private void release() {
        state = State.FAILED;
        try {
            claims.release(grant.orElseThrow());
        } catch (StoreFailure e) {
            Failures.logUnkept(run.id(), e);
        }
    }

    /** What cannot be written now looks less far to others than it is, and nothing worse. */
    private void tell(State next, Optional<byte[]> done) {
        try {
            var time = next == State.ANSWERING ? WRITING : run.alive();
            state = claims.move(grant.orElseThrow(), next, done, time) ? next : State.FAILED;
        } catch (StoreFailure e) {
            state = next;
            Failures.logUnkept(run.id(), e);
        }
    }
}
