package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.threads.Await;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates of resources, which a server tells to the session that subscribed, and to no other. */
class SessionUpdatesTest extends UpstreamTest {
    private static final String NOTE = "test://note";

    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void offer() {
        server.capable("{\"tools\":{},\"resources\":{\"subscribe\":true}}");
    }

    @AfterEach
    void end() {
        over.countDown();
    }

    private Await.Items<ServerChange> watch(String principal, String... uris) {
        var envelope = Envelope.plain(principal);
        return Await.items(upstream.changes(new ChangeSubscription(envelope, Set.of(uris))), 8);
    }

    /** Tells each session of the note once that session has subscribed to it. */
    private void tell(Turn turn) throws Exception {
        var stream = turn.stream();
        stream.flush();
        for (int seen = 1; sessionsThatAsked(turn.request()) == 0; seen++) {
            server.await("resources/subscribe", seen);
        }
        turn.tell(stream, "notifications/resources/updated", "{\"uri\":\"" + NOTE + "\"}");
        over.await(20, TimeUnit.SECONDS);
    }

    private long sessionsThatAsked(FakeMcpServer.Received listening) {
        return server.received("resources/subscribe").stream()
                .filter(it -> session(it).equals(session(listening)))
                .count();
    }

    private static String session(FakeMcpServer.Received request) {
        return request.header("Mcp-session-id");
    }

    @Test
    void comeInTheSessionInWhichTheCallsAreMade() throws Exception {
        server.listening(this::tell);
        call();
        try (var changes = watch("ada", NOTE)) {
            assertThat(changes.next()).contains(new ServerChange.OfResource(NOTE));
            call();
        }
        assertThat(server.received())
                .filteredOn(it -> !it.method().equals("initialize"))
                .extracting(SessionUpdatesTest::session)
                .containsOnly("s-1");
        assertThat(session(server.await("resources/unsubscribe", 1).getFirst())).isEqualTo("s-1");
    }

    @Test
    void ofOnePrincipalComeInNoOthersSession() throws Exception {
        server.listening(this::tell);
        try (var ofAda = watch("ada", NOTE);
                var ofBob = watch("bob", NOTE)) {
            assertThat(ofAda.next()).isPresent();
            assertThat(ofBob.next()).isPresent();
        }
        assertThat(server.received("resources/subscribe"))
                .extracting(SessionUpdatesTest::session)
                .containsExactlyInAnyOrder("s-1", "s-2");
    }

    @Test
    void shareOneStreamAndOneSubscription() throws Exception {
        server.listening(this::tell);
        try (var one = watch("ada", NOTE)) {
            assertThat(one.next()).isPresent();
            try (var _ = watch("ada", NOTE, "test://other")) {
                server.await("resources/subscribe", 2);
            }
            server.await("resources/unsubscribe", 1);
            assertThat(server.received("resources/unsubscribe").getFirst().text())
                    .contains("test://other");
        }
        assertThat(server.received("GET")).hasSize(1);
    }

    /** One of two listeners of a session leaves while the server has not answered for them yet. */
    @Test
    void comeAlthoughWhoeverAskedForThemFirstHasLeft() throws Exception {
        var left = new CountDownLatch(1);
        server.answering(turn -> {
            left.await(20, TimeUnit.SECONDS);
            turn.result("{}");
        });
        server.listening(this::tell);
        var one = watch("ada", NOTE);
        server.await("resources/subscribe", 1);
        try (var other = watch("ada", NOTE)) {
            one.close();
            left.countDown();
            assertThat(other.next()).contains(new ServerChange.OfResource(NOTE));
        }
        assertThat(server.received("notifications/cancelled")).isEmpty();
    }

    @Test
    void areAskedForAgainWhenTheStreamWasCut() throws Exception {
        server.listening(turn -> {
            turn.stream().flush();
            server.await("resources/subscribe", 1);
            server.listening(this::tell);
            turn.cut();
        });
        try (var changes = watch("ada", NOTE)) {
            assertThat(changes.next()).contains(new ServerChange.OfResource(NOTE));
        }
        assertThat(server.received("initialize")).hasSize(1);
    }

    /** Some servers say 400 for a session that they do not know. */
    @ParameterizedTest
    @ValueSource(ints = {404, 400})
    void areAskedForInAnotherSessionWhenTheirsIsGone(int status) throws Exception {
        server.listening(turn -> {
            server.listening(this::tell);
            turn.status(status);
        });
        try (var changes = watch("ada", NOTE)) {
            assertThat(changes.next()).contains(new ServerChange.OfResource(NOTE));
        }
        assertThat(session(server.received("resources/subscribe").getLast())).isEqualTo("s-2");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 302, 200})
    void areGivenUpWhereThereIsNoSuchStream(int status) throws Exception {
        server.listening(turn -> turn.status(status));
        try (var changes = watch("ada", NOTE)) {
            assertThatThrownBy(changes::next).isInstanceOf(UpstreamException.class);
        }
        assertThat(server.received("GET")).hasSize(2);
    }

    @Test
    void endWhereTheServerSaysThatItNeverTells() throws Exception {
        try (var changes = watch("ada", NOTE)) {
            assertThat(changes.next()).isEmpty();
        }
        assertThat(server.received("GET")).hasSize(1);
    }

    @Test
    void endWithTheConnection() throws Exception {
        server.listening(this::tell);
        try (var changes = watch("ada", NOTE)) {
            assertThat(changes.next()).isPresent();
            upstream.close();
            assertThat(changes.next()).isEmpty();
        }
    }
}
