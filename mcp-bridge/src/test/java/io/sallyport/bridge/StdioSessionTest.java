package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.JsonText;
import io.sallyport.threads.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a program tells its principal beside the answers: updates of resources, and later logs. */
@Timeout(60)
class StdioSessionTest {
    @TempDir Path cwd;

    private McpUpstream upstream;

    @BeforeEach
    void launch() {
        upstream = StdioTest.launch(cwd);
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private static Envelope envelope(String principal, UpstreamListener listener) {
        return new Envelope(
                principal,
                Optional.empty(),
                JsonNodeFactory.instance.objectNode(),
                false,
                Optional.of("debug"),
                List.of(),
                listener,
                Optional.empty());
    }

    private JsonNode call(String act, String principal, UpstreamListener listener)
            throws InterruptedException {
        var params = "{\"arguments\":{\"act\":\"" + act + "\"}}";
        var request =
                new UpstreamRequest(
                        "tools/call",
                        params.getBytes(UTF_8),
                        envelope(principal, listener),
                        Duration.ofSeconds(20),
                        100_000);
        return ((UpstreamReply.Result) Await.one(upstream.call(request))).result();
    }

    private int subscriptions(String principal) throws InterruptedException {
        return call("subscriptions", principal, UpstreamListener.SILENT).path("n").asInt();
    }

    @Test
    void subscribesInTheProcessInWhichTheCallsAreMade() throws Exception {
        var wanted = new ChangeSubscription(Envelope.plain("ada"), Set.of("test://a"));
        try (var changes = Await.items(upstream.changes(wanted), 8)) {
            assertThat(changes.next()).contains(new ServerChange.OfResource("test://a"));
        }
        assertThat(subscriptions("ada")).isEqualTo(1);
        assertThat(subscriptions("bob")).isZero();
    }

    @Test
    void hearsWhatIsLoggedAfterTheAnswerUnlessTheProcessIsEverybodys() throws Exception {
        var everybody = new Later();
        var ada = new Later();
        var bob = new Later();
        call("log-on", Envelope.SHARED, everybody);
        call("echo", "bob", bob);
        call("log-on", "ada", ada);

        assertThat(ada.logs.poll(20, TimeUnit.SECONDS)).contains("later");
        call("echo", Envelope.SHARED, everybody);
        call("echo", "bob", bob);
        assertThat(everybody.logs).isEmpty();
        assertThat(bob.logs).isEmpty();
    }

    private static final class Later implements UpstreamListener, SessionListener {
        private final BlockingQueue<String> logs = new LinkedBlockingQueue<>();

        @Override
        public void notified(String method, JsonNode params) {
            // of a call
        }

        @Override
        public void refused(String method) {
            // nothing is asked
        }

        @Override
        public Optional<SessionListener> beyond() {
            return Optional.of(this);
        }

        @Override
        public boolean isListening() {
            return true;
        }

        @Override
        public void logged(JsonNode params) {
            logs.add(JsonText.text(params));
        }
    }
}
