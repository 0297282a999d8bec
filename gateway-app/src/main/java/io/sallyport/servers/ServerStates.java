package io.sallyport.servers;

import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.servers.ServerHealth.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How every server does. A change of state is one line in the log, however often a server fails in
 * between.
 */
final class ServerStates {
    private static final Logger LOG = LoggerFactory.getLogger(ServerStates.class);

    /** How exact the time of the last success is: a call more often writes nothing. */
    private static final Duration EXACT = Duration.ofSeconds(1);

    private final Clock clock;
    private final Map<ServerKey, Known> known = new ConcurrentHashMap<>();

    /**
     * What was seen of one server.
     *
     * @param lists how listing it went
     * @param calls how calls of it went since then
     */
    private record Known(
            State lists,
            State calls,
            Instant since,
            Optional<Instant> lastSuccess,
            Optional<ServerFault> lastFault) {
        State state() {
            return worse(lists, calls);
        }

        private static State worse(State one, State other) {
            return one.compareTo(other) > 0 ? one : other;
        }

        boolean isNew() {
            return lastSuccess.isEmpty() && lastFault.isEmpty();
        }

        Known moved(State newLists, State newCalls, Instant now) {
            var isSame = worse(newLists, newCalls) == state();
            return new Known(newLists, newCalls, isSame ? since : now, lastSuccess, lastFault);
        }

        Known succeeded(Instant now) {
            return new Known(lists, calls, since, Optional.of(now), lastFault);
        }

        Known failed(ServerFault fault) {
            return new Known(lists, calls, since, lastSuccess, Optional.of(fault));
        }
    }

    ServerStates(Clock clock) {
        this.clock = clock;
    }

    /** Empty for a server that was neither listed nor called since the start. */
    Optional<ServerHealth> of(ServerKey key) {
        return Optional.ofNullable(known.get(key))
                .map(it ->
                        new ServerHealth(it.state(), it.since(), it.lastSuccess(), it.lastFault()));
    }

    /** A whole list came. */
    void listed(ServerKey key) {
        var now = clock.instant();
        change(key, it -> it.moved(State.UP, State.UP, now).succeeded(now));
    }

    void listingFailed(ServerKey key, ServerFault fault) {
        var now = clock.instant();
        change(key, it -> it.moved(ofListing(fault.failure()), it.calls(), now).failed(fault));
    }

    private static State ofListing(UpstreamFailure failure) {
        return switch (failure) {
            case UNREACHABLE, TIMED_OUT, SERVER_ERROR, EGRESS_DENIED -> State.DOWN;
            case UNAUTHORISED -> State.UNAUTHORISED;
            case OVER_LIMIT,
                    OVERLOADED,
                    PROTOCOL_ERROR,
                    NOT_JSON,
                    ENCODED,
                    REDIRECT,
                    RESPONSE_TOO_LARGE,
                    HTTP_ERROR,
                    DECLINED ->
                    State.DEGRADED;
        };
    }

    /** A call ended. What it says of the server counts until the server is listed again. */
    void called(ServerKey key, UpstreamReply reply) {
        switch (reply) {
            case UpstreamReply.Failed(var failure, var sent) -> callFailed(key, failure, sent);
            case UpstreamReply.Result _,
                    UpstreamReply.InputRequired _,
                    UpstreamReply.RpcError _,
                    UpstreamReply.TooLarge _ ->
                    answered(key);
        }
    }

    private void answered(ServerKey key) {
        var now = clock.instant();
        var before = known.get(key);
        var isNews =
                before == null
                        || before.calls() != State.UP
                        || before.lastSuccess().filter(it -> it.plus(EXACT).isAfter(now)).isEmpty();
        if (isNews) {
            change(key, it -> it.moved(it.lists(), State.UP, now).succeeded(now));
        }
    }

    private void callFailed(ServerKey key, UpstreamFailure failure, boolean sent) {
        var state = ofCall(failure, sent);
        var now = clock.instant();
        if (state != State.UP) {
            change(key, it -> it.moved(it.lists(), state, now).failed(ServerFault.of(failure)));
        }
    }

    /** One call that is not answered says less than a list that is not; what is ours, nothing. */
    private static State ofCall(UpstreamFailure failure, boolean sent) {
        return switch (failure) {
            case UNREACHABLE -> sent ? State.DEGRADED : State.DOWN;
            case TIMED_OUT, SERVER_ERROR -> State.DEGRADED;
            case UNAUTHORISED -> State.UNAUTHORISED;
            case EGRESS_DENIED -> State.DOWN;
            case OVER_LIMIT,
                    OVERLOADED,
                    PROTOCOL_ERROR,
                    NOT_JSON,
                    ENCODED,
                    REDIRECT,
                    RESPONSE_TOO_LARGE,
                    HTTP_ERROR,
                    DECLINED ->
                    State.UP;
        };
    }

    private void change(ServerKey key, UnaryOperator<Known> step) {
        while (true) {
            var before = known.get(key);
            var from = before == null ? unknown() : before;
            var after = step.apply(from);
            var done =
                    before == null
                            ? known.putIfAbsent(key, after) == null
                            : known.replace(key, before, after);
            if (done) {
                tell(key, from, after);
                return;
            }
        }
    }

    private Known unknown() {
        return new Known(State.UP, State.UP, clock.instant(), Optional.empty(), Optional.empty());
    }

    /** A server that is well when it is first seen is no news. */
    private static void tell(ServerKey key, Known before, Known after) {
        if (before.state() == after.state()) {
            return;
        }
        var fault = after.lastFault().filter(_ -> after.state() != State.UP);
        var line = LOG.atLevel(after.state() == State.UP ? Level.INFO : Level.WARN);
        var words = fault.map(ServerFault::words).orElse("");
        if (!words.isEmpty()) {
            line = line.addKeyValue("peer_text", words);
        }
        line.log(
                "server {} is {}, was {}{}",
                key,
                after.state().code(),
                before.isNew() ? "not seen before" : before.state().code(),
                fault.map(it -> ": " + it).orElse(""));
    }

    /** The server is gone. */
    void forget(ServerKey key) {
        known.remove(key);
    }
}
