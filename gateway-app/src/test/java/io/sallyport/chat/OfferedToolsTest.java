package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.policy.Risk;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.threads.ComputePool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What models read of tools costs once, not with every request, and one tool costs no other. */
class OfferedToolsTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int REQUESTS = 24;

    /** A schema that tells by which threads it is gone through. */
    private static final class WatchedSchema extends ObjectNode {
        private static final long serialVersionUID = 1;
        private static final List<String> READERS = new CopyOnWriteArrayList<>();

        WatchedSchema() {
            super(JsonNodeFactory.instance);
            put("type", "object");
            putObject("properties").putObject("q").put("type", "string");
        }

        @Override
        public Set<Map.Entry<String, JsonNode>> properties() {
            READERS.add(Thread.currentThread().getName());
            return super.properties();
        }
    }

    private static CatalogTool tool(String name, JsonNode schema) {
        var tree = JSON.objectNode().put("name", name).put("description", "Does it.");
        tree.set("inputSchema", schema);
        return Tenant.tool("many", name, Risk.READ, tree);
    }

    private static ScriptedModel provider() throws IOException {
        return ScriptedModel.start(0, Script.of(Round.says("Done.")));
    }

    @Test
    void aToolIsWrittenOnceAndNotWhereOthersWait() throws Exception {
        try (var provider = provider()) {
            var tenant =
                    Tenant.at(provider.endpoint())
                            .withTools(List.of(tool("watched", new WatchedSchema())));
            try (var server = ChatServer.of(tenant);
                    var clients = Executors.newVirtualThreadPerTaskExecutor()) {
                WatchedSchema.READERS.clear();
                var answers = new ArrayList<Future<Answer>>();
                Callable<Answer> ask = () -> server.chat(Bodies.ask("agent", ""));
                IntStream.range(0, REQUESTS).forEach(_ -> answers.add(clients.submit(ask)));
                for (var answer : answers) {
                    assertThat(answer.get().status()).isEqualTo(200);
                }
                var readers = List.copyOf(WatchedSchema.READERS);
                assertThat(readers).isNotEmpty().allMatch(it -> it.startsWith("compute-"));

                assertThat(server.chat(Bodies.ask("agent", "")).status()).isEqualTo(200);
                assertThat(WatchedSchema.READERS).isEqualTo(readers);
            }
        }
    }

    /** Things that no list of a server can hold stand for what nobody thought of. */
    @ParameterizedTest
    @ValueSource(strings = {"default", "properties", "anyOf"})
    void aToolThatCannotBeWrittenIsLeftOutAndNamed(String keyword) throws Exception {
        var broken = JSON.objectNode().put("type", "object");
        var inside = JSON.objectNode();
        inside.set("default", JSON.pojoNode(new Object()));
        switch (keyword) {
            case "default" -> broken.set("default", inside);
            case "properties" -> broken.putObject("properties").set("a", inside);
            default -> broken.putArray("anyOf").add(inside);
        }
        try (var provider = provider();
                var server =
                        ChatServer.of(
                                Tenant.at(provider.endpoint())
                                        .withTools(List.of(tool("broken", broken))))) {
            for (var mode : List.of("", "\"stream\":true")) {
                var answer = server.chat(Bodies.ask("agent", mode));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.report().path("warnings").valueStream().map(JsonNode::asString))
                        .containsExactly("tool_left_out: many/broken");
                assertThat(provider.requests().getLast())
                        .contains("weather__get_forecast")
                        .doesNotContain("many__broken");
            }
        }
    }

    /** Few that are large and many that are not: what counts is what a model would have to read. */
    @ParameterizedTest
    @ValueSource(ints = {5, 20, 100})
    void toolsThatWeighTooMuchAreOneTooMany(int count) throws Exception {
        var tools = IntStream.range(0, count).mapToObj(it -> large(it, 1_200_000 / count)).toList();
        try (var provider = provider();
                var server = ChatServer.of(Tenant.at(provider.endpoint()).withTools(tools))) {
            for (int again = 0; again < 2; again++) {
                var answer = server.chat(Bodies.ask("agent", ""));
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.json().at("/error/code").asString()).isEqualTo("too_many_tools");
                assertThat(answer.json().at("/error/message").asString()).contains("1 MiB");
            }
            assertThat(server.rejected)
                    .containsExactly("chat too_many_tools", "chat too_many_tools");
            assertThat(provider.requests()).isEmpty();
        }
    }

    /** Nothing was sent, and the record says why. */
    @Test
    void aRequestWhoseToolsCannotBeWrittenNowIsRefusedAndRecorded() throws Exception {
        var mayEnd = new CountDownLatch(1);
        try (var provider = provider();
                var server = ChatServer.of(Tenant.at(provider.endpoint()))) {
            fill(server.compute, mayEnd);
            var answer = server.chat(Bodies.ask("agent", ""));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(server.rejected).containsExactly("chat overloaded");
            assertThat(provider.requests()).isEmpty();
        } finally {
            mayEnd.countDown();
        }
    }

    /** Until no more work of the tenant may wait. */
    private static void fill(ComputePool pool, CountDownLatch mayEnd) {
        var full = new CompletableFuture<Boolean>();
        for (int work = 0; work < 64; work++) {
            Thread.startVirtualThread(() -> full.complete(isRefused(pool, mayEnd)));
        }
        assertThat(full.join()).isTrue();
    }

    private static boolean isRefused(ComputePool pool, CountDownLatch mayEnd) {
        var time = Duration.ofMinutes(1);
        try {
            return pool.run(Tenant.ID.value(), time, () -> mayEnd.await(1, TimeUnit.MINUTES))
                    instanceof ComputePool.Outcome.Overloaded<Boolean>;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static CatalogTool large(int number, int bytes) {
        var schema = JSON.objectNode().put("type", "object");
        schema.putObject("properties").putObject("a").put("description", "x".repeat(bytes));
        return tool("large" + number, schema);
    }
}
