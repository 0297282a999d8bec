package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.threads.Await;
import io.sallyport.upstream.wire.Subscriptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Who wants to hear of which resource, and what the server is asked for them. */
class SubscriptionsTest {
    private static final String NOTE = "test://note";
    private static final String SUBSCRIBE = "resources/subscribe";
    private static final String UNSUBSCRIBE = "resources/unsubscribe";

    private final Subscriptions subscriptions = new Subscriptions();
    private final List<String> asked = new ArrayList<>();
    private final List<Sinks.Empty<UpstreamReply>> unanswered = new ArrayList<>();
    private int takenBack;

    private Subscriptions.Wish wish(String... uris) {
        return subscriptions.wish(
                Set.of(uris),
                request -> {
                    asked.add(request.method());
                    return Mono.empty();
                });
    }

    /** For a server that takes long to answer. */
    private Subscriptions.Wish slow() {
        return subscriptions.wish(
                Set.of(NOTE),
                request -> {
                    var answer = Sinks.<UpstreamReply>empty();
                    asked.add(request.method());
                    unanswered.add(answer);
                    return answer.asMono().doOnCancel(() -> takenBack++);
                });
    }

    private void answer() {
        unanswered.removeFirst().tryEmitEmpty();
    }

    private static void begin(Subscriptions.Wish wish) {
        Await.nothing(wish.begin());
    }

    @Test
    void theServerIsAskedForTheFirstAndToldOfTheLast() {
        var one = wish(NOTE);
        var other = wish(NOTE);
        begin(one);
        begin(other);
        assertThat(asked).containsExactly(SUBSCRIBE);
        one.leave();
        assertThat(asked).hasSize(1);
        other.leave();
        assertThat(asked).containsExactly(SUBSCRIBE, UNSUBSCRIBE);
    }

    /** It waits for the stream first, and its client may be gone by then. */
    @Test
    void whoLeavesBeforeItIsCountedTakesFromNobody() {
        var one = wish(NOTE);
        var early = wish(NOTE);
        begin(one);

        early.leave();
        begin(early);
        early.forget();

        assertThat(asked).containsExactly(SUBSCRIBE);
        one.leave();
        assertThat(asked).containsExactly(SUBSCRIBE, UNSUBSCRIBE);
    }

    /** The end of a listener is told more than once: it left, and its stream ended. */
    @Test
    void whoLeavesTwiceLeavesOnce() {
        var one = wish(NOTE);
        var other = wish(NOTE);
        begin(one);
        begin(other);

        other.leave();
        other.forget();
        other.leave();

        assertThat(asked).containsExactly(SUBSCRIBE);
        one.leave();
        assertThat(asked).containsExactly(SUBSCRIBE, UNSUBSCRIBE);
    }

    @Test
    void whoLeavesWhileTheServerIsAskedTakesNothingBack() {
        var one = slow();
        var ofOne = one.begin().toFuture();
        var ofOther = slow().begin().toFuture();

        ofOne.cancel(true);
        one.leave();

        assertThat(takenBack).isZero();
        assertThat(ofOther).isNotDone();
        answer();
        assertThat(ofOther).isCompleted();
        assertThat(asked).containsExactly(SUBSCRIBE);
    }

    @Test
    void theServerIsToldOfTheLastOnceItHasAnswered() {
        var only = slow();
        begin(only);
        only.leave();
        assertThat(asked).containsExactly(SUBSCRIBE);

        answer();

        assertThat(asked).containsExactly(SUBSCRIBE, UNSUBSCRIBE);
    }

    @Test
    void whoComesWhileTheServerIsToldOfTheLastIsAskedForThen() {
        var last = slow();
        begin(last);
        answer();
        last.leave();

        var ofNext = slow().begin().toFuture();

        assertThat(asked).containsExactly(SUBSCRIBE, UNSUBSCRIBE);
        answer();
        assertThat(asked).containsExactly(SUBSCRIBE, UNSUBSCRIBE, SUBSCRIBE);
        assertThat(ofNext).isNotDone();
        answer();
        assertThat(ofNext).isCompleted();
    }

    @Test
    void howeverManyComeAndGoTheServerIsAskedOneThingAtATime() {
        for (int i = 0; i < 100; i++) {
            var passing = slow();
            begin(passing);
            passing.leave();
        }
        assertThat(asked).containsExactly(SUBSCRIBE);

        answer();
        answer();

        assertThat(asked).containsExactly(SUBSCRIBE, UNSUBSCRIBE);
    }

    @Test
    void allWhoWaitHearThatTheServerCannotBeAskedAndTheNextAsksAgain() {
        var ofOne = slow().begin().toFuture();
        var ofOther = slow().begin().toFuture();

        unanswered.removeFirst().tryEmitError(new IllegalStateException("gone"));

        assertThat(ofOne).isCompletedExceptionally();
        assertThat(ofOther).isCompletedExceptionally();
        var ofNext = slow().begin().toFuture();
        answer();
        assertThat(ofNext).isCompleted();
        assertThat(asked).containsExactly(SUBSCRIBE, SUBSCRIBE);
    }
}
