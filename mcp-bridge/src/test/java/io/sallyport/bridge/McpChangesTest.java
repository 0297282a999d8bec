package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.threads.Await;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is heard of a server that changes. */
class McpChangesTest extends UpstreamTest {
    private static final ServerChange TOOLS = new ServerChange.OfList(ListKind.TOOLS);
    private static final ServerChange A = new ServerChange.OfResource("test://a");

    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void tellsWhatChanges() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            turn.tell(stream, "notifications/tools/list_changed", "{}");
            turn.tell(stream, "notifications/message", "{}");
            turn.tell(stream, "notifications/prompts/list_changed", "{}");
            turn.tell(stream, "notifications/resources/list_changed", "{}");
        });
        try (var changes = changes()) {
            assertThat(changes.next()).contains(TOOLS);
            assertThat(changes.next()).contains(new ServerChange.OfList(ListKind.PROMPTS));
            assertThat(changes.next()).contains(new ServerChange.OfList(ListKind.RESOURCES));
            assertFails(changes, UpstreamFailure.UNREACHABLE);
        }
        var get = server.received("GET").getFirst();
        assertThat(get.header("Accept")).isEqualTo("text/event-stream");
        assertThat(get.header("Mcp-session-id")).isEqualTo("s-1");
    }

    @BeforeEach
    void feed() {
        server.feeding();
    }

    @Test
    void subscribesToTheResourcesThatAreWanted() throws Exception {
        server.capable("{\"resources\":{\"subscribe\":true}}").answering(this::update);
        try (var changes = changes("test://a", "test://\"b")) {
            assertThat(changes.next()).contains(A);
            assertThat(server.await("resources/subscribe", 2))
                    .extracting(it -> it.tree().at("/params/uri").asString())
                    .containsExactlyInAnyOrder("test://a", "test://\"b");
        }
        assertThat(server.await("resources/unsubscribe", 2)).hasSize(2);
        over.countDown();
    }

    private void update(Turn turn) throws Exception {
        if (!turn.request().method().equals("GET")) {
            turn.result("{}");
            return;
        }
        var stream = turn.stream();
        server.await("resources/subscribe", 1);
        turn.tell(stream, "notifications/resources/updated", "{\"uri\":\"test://other\"}");
        turn.tell(stream, "notifications/resources/updated", "{\"uri\":\"test://a\"}");
        over.await(20, TimeUnit.SECONDS);
    }

    @Test
    void subscribesToNothingWhereThatIsNotOffered() throws Exception {
        server.answering(turn -> turn.status(405));
        try (var changes = changes("test://a")) {
            assertThat(changes.next()).isEmpty();
        }
        assertThat(server.received("resources/subscribe")).isEmpty();
        assertThat(server.received("resources/unsubscribe")).isEmpty();
    }

    @Test
    void sharesOneStreamAmongAllWhoListen() throws Exception {
        var both = new CountDownLatch(1);
        server.answering(turn -> {
            var stream = turn.stream();
            both.await(20, TimeUnit.SECONDS);
            turn.tell(stream, "notifications/tools/list_changed", "{}");
            over.await(20, TimeUnit.SECONDS);
        });
        try (var one = changes();
                var other = changes()) {
            server.await("GET", 1);
            both.countDown();
            assertThat(one.next()).contains(TOOLS);
            assertThat(other.next()).contains(TOOLS);
        }
        assertThat(server.received("GET")).hasSize(1);
        over.countDown();
    }

    @Test
    void opensANewSessionWhenTheOldOneIsGone() throws Exception {
        server.answering(turn -> turn.status(404));
        try (var changes = changes()) {
            assertFails(changes, UpstreamFailure.HTTP_ERROR);
        }
        server.answering(
                turn -> turn.tell(turn.stream(), "notifications/tools/list_changed", "{}"));
        try (var changes = changes()) {
            assertThat(changes.next()).contains(TOOLS);
        }
        assertThat(server.received("GET").getLast().header("Mcp-session-id")).isEqualTo("s-2");
    }

    @Test
    void answersAPingAndNothingElseOnAStreamThatBelongsToNoCall() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            turn.ask(stream, "p", "ping", "{}");
            turn.ask(stream, "r", "roots/list", "{}");
            server.await("response", 2);
        });
        try (var changes = changes()) {
            assertFails(changes, UpstreamFailure.UNREACHABLE);
        }
        assertThat(server.received("response"))
                .extracting(it -> it.tree().has("result"))
                .containsExactly(true, false);
    }

    /** H1: what is long is read where it holds up no connection. */
    @Test
    void readsLongEventsOnThreadsOfTheirOwn() throws Exception {
        LongEvents.assertReadOnThreadsOfTheirOwn(server, upstream);
    }

    private Await.Items<ServerChange> changes(String... uris) {
        var wanted =
                uris.length == 0
                        ? ChangeSubscription.ofLists()
                        : new ChangeSubscription(Envelope.plain("ada"), Set.of(uris));
        return Await.items(upstream.changes(wanted), 8);
    }

    private static void assertFails(Await.Items<?> changes, UpstreamFailure failure) {
        assertThatThrownBy(changes::next)
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        fault -> assertThat(fault.failure()).isEqualTo(failure));
    }
}
