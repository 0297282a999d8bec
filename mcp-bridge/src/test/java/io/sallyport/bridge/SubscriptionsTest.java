package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.wire.Subscriptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Who wants to hear of which resource, and what the server is asked for them. */
class SubscriptionsTest {
    private static final String NOTE = "test://note";

    private final Subscriptions subscriptions = new Subscriptions();
    private final List<String> asked = new ArrayList<>();

    private Subscriptions.Wish wish(String... uris) {
        return subscriptions.wish(
                Set.of(uris),
                request -> {
                    asked.add(request.method());
                    return Mono.empty();
                });
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
        assertThat(asked).containsExactly("resources/subscribe");
        one.leave();
        assertThat(asked).hasSize(1);
        other.leave();
        assertThat(asked).containsExactly("resources/subscribe", "resources/unsubscribe");
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

        assertThat(asked).containsExactly("resources/subscribe");
        one.leave();
        assertThat(asked).containsExactly("resources/subscribe", "resources/unsubscribe");
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

        assertThat(asked).containsExactly("resources/subscribe");
        one.leave();
        assertThat(asked).containsExactly("resources/subscribe", "resources/unsubscribe");
    }
}
