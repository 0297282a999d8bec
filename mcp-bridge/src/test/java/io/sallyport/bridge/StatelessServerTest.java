package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.Era;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressRefusal;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server without sessions says of itself, lists, and tells of its changes. */
class StatelessServerTest extends UpstreamTest {
    private static final ServerChange TOOLS = new ServerChange.OfList(ListKind.TOOLS);

    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void connectToTheOtherEra() {
        upstream =
                McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), Era.MODERN);
    }

    @Test
    void discoversWhatAServerIs() throws Exception {
        server.answering(StatelessServerTest::discovered);
        var greeting = Await.one(upstream.probe());
        assertThat(greeting.era()).isEqualTo(Era.MODERN);
        assertThat(greeting.protocolVersion()).isEqualTo("2026-07-28");
        assertThat(greeting.serverInfo().path("name").asString()).isEqualTo("fake");
        assertThat(greeting.instructions()).contains("Be kind.");
        assertThat(server.received().getFirst().header("Mcp-method")).isEqualTo("server/discover");
    }

    private static void discovered(Turn turn) throws IOException {
        if (turn.request().method().equals("server/discover")) {
            turn.result(
                    """
                    {"resultType":"complete","supportedVersions":["2026-07-28","2025-11-25"],\
                    "capabilities":{"tools":{},"resources":{}},"instructions":"Be kind.",\
                    "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"fake"}}}\
                    """);
        } else {
            turn.result(
                    """
                    {"tools":[{"name":"a"}],"resources":[],"ttlMs":0,"resultType":"complete"}\
                    """);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"supportedVersions\":[\"2027-01-01\"]}"})
    void refusesAServerOfAnotherRevision(String result) {
        server.answering(turn -> turn.result(result));
        assertThatThrownBy(() -> Await.one(upstream.probe()))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        it -> assertThat(it.failure()).isEqualTo(UpstreamFailure.PROTOCOL_ERROR));
    }

    @Test
    void saysWhichRuleRefusedTheDestination() {
        var refused =
                new Destination("acme/fake", server.destination().uri(), EgressTerms.NONE, true);
        for (var era : Era.values()) {
            var other = McpUpstreams.connect(egress, refused, List.of(), era);
            assertThatThrownBy(() -> Await.one(other.probe()))
                    .isInstanceOfSatisfying(
                            UpstreamException.class,
                            it -> assertThat(it.refusal()).contains(EgressRefusal.ADDRESS));
        }
    }

    @Test
    void listsWhatTheServerSaysItHas() throws Exception {
        server.answering(StatelessServerTest::discovered);
        assertThat(Await.one(upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED))).hasSize(1);
        assertThat(Await.one(upstream.list(ListKind.RESOURCES, AnswerRoom.UNCOUNTED))).isEmpty();
        assertThat(Await.one(upstream.list(ListKind.PROMPTS, AnswerRoom.UNCOUNTED))).isEmpty();
        assertThat(server.received().stream().map(FakeMcpServer.Received::method))
                .containsExactly("server/discover", "tools/list", "resources/list");
    }

    @Test
    void tellsWhatChanges() throws Exception {
        server.answering(this::change);
        try (var changes = changes("test://a")) {
            assertThat(changes.next()).contains(TOOLS);
            assertThat(changes.next()).contains(new ServerChange.OfResource("test://a"));
            assertLost(changes);
        }
        var wish = server.received().getFirst().tree().at("/params/notifications");
        assertThat(wish.toString())
                .isEqualTo(
                        "{\"toolsListChanged\":true,\"promptsListChanged\":true,"
                                + "\"resourcesListChanged\":true,"
                                + "\"resourceSubscriptions\":[\"test://a\"]}");
        over.countDown();
    }

    private void change(Turn turn) throws Exception {
        var stream = turn.stream();
        turn.tell(stream, "notifications/subscriptions/acknowledged", "{\"notifications\":{}}");
        turn.tell(stream, "notifications/tools/list_changed", "{}");
        turn.tell(stream, "notifications/resources/updated", "{\"uri\":\"test://b\"}");
        turn.tell(stream, "notifications/resources/updated", "{\"uri\":\"test://a\"}");
        turn.event(stream, turn.response("{\"resultType\":\"complete\"}"));
        over.await(20, TimeUnit.SECONDS);
    }

    private static void assertLost(Await.Items<?> changes) {
        assertThatThrownBy(changes::next)
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        it -> assertThat(it.failure()).isEqualTo(UpstreamFailure.UNREACHABLE));
    }

    @Test
    void endsAtOnceWhereNobodyTellsOfChanges() throws Exception {
        server.answering(turn -> {
            var error = "\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}";
            var body = "{\"jsonrpc\":\"2.0\",\"id\":" + turn.id() + "," + error;
            turn.body(
                    404,
                    "application/json",
                    body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        });
        try (var changes = changes()) {
            assertThat(changes.next()).isEmpty();
        }
    }

    /** H1: what is long is read where it holds up no connection. */
    @Test
    void readsLongEventsOnThreadsOfTheirOwn() throws Exception {
        LongEvents.assertReadOnThreadsOfTheirOwn(server, upstream);
    }

    private Await.Items<ServerChange> changes(String... uris) {
        return Await.items(
                upstream.changes(new ChangeSubscription(Envelope.plain("ada"), Set.of(uris))), 8);
    }
}
