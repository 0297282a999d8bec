package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.threads.Await;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All pages of a list, or none. */
class McpToolListTest extends UpstreamTest {
    @Test
    void gathersAllPagesInTheirOrder() throws Exception {
        server.answering(turn -> page(turn, 3, 2));
        assertThat(names()).containsExactly("t0-0", "t0-1", "t1-0", "t1-1", "t2-0", "t2-1");
        assertThat(server.received("tools/list"))
                .extracting(it -> it.tree().path("params").toString())
                .containsExactly("{}", "{\"cursor\":\"1\"}", "{\"cursor\":\"2\"}");
    }

    @Test
    void takesAnEmptyList() throws Exception {
        server.answering(turn -> turn.result("{\"tools\":[]}"));
        assertThat(names()).isEmpty();
    }

    @Test
    void takesAListThatTheServerDoesNotKnowForEmpty() throws Exception {
        server.capable("{\"tools\":{},\"resources\":{}}").answering(McpToolListTest::unknownMethod);
        assertThat(Await.one(upstream.list(ListKind.TEMPLATES, AnswerRoom.UNCOUNTED))).isEmpty();
        assertFails(UpstreamFailure.PROTOCOL_ERROR);
    }

    private static void unknownMethod(Turn turn) throws IOException {
        var error = "{\"code\":-32601,\"message\":\"Method not found\"}";
        var id = turn.request().tree().path("id");
        var body = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":" + error + "}";
        turn.body("application/json", body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** B6: null is absent, in lists and around them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tools\":null}",
                "{\"tools\":[],\"nextCursor\":null,\"_meta\":null}",
                "{\"tools\":[null]}",
                "{\"_meta\":null,\"tools\":null,\"nextCursor\":\"\"}"
            })
    void takesNullForNothing(String result) throws Exception {
        server.answering(turn -> turn.result(result));
        assertThat(names()).isEmpty();
    }

    /** B6. */
    @Test
    void takesNullForNothingInTheMiddleOfAList() throws Exception {
        server.answering(turn ->
                turn.result(
                        turn.request().text().contains("cursor")
                                ? "{\"tools\":null,\"nextCursor\":null}"
                                : "{\"tools\":[{\"name\":\"a\"},null,{\"name\":\"b\"}],"
                                        + "\"nextCursor\":\"n\"}"));
        assertThat(names()).containsExactly("a", "b");
    }

    /** B6. */
    @Test
    void asksForNoListOfACapabilityThatIsNull() throws Exception {
        server.capable("{\"tools\":{\"listChanged\":null},\"prompts\":null,\"resources\":null}")
                .answering(turn -> turn.result("{\"tools\":[]}"));
        for (var kind : ListKind.values()) {
            assertThat(Await.one(upstream.list(kind, AnswerRoom.UNCOUNTED))).isEmpty();
        }
        assertThat(Await.one(upstream.probe()).capabilities().propertyNames())
                .containsExactly("tools");
        assertThat(server.received("resources/list")).isEmpty();
        assertThat(server.received("prompts/list")).isEmpty();
    }

    @Test
    void keepsDescriptorsAsTheyWereListed() throws Exception {
        var tool = "{\"name\":\"a\",\"x-unknown\":1.10,\"inputSchema\":{\"maximum\":1E400}}";
        server.answering(turn -> turn.result("{\"tools\":[" + tool + "]}"));
        var listed = Await.one(upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED)).getFirst();
        assertThat(io.sallyport.catalog.JsonText.text(listed)).isEqualTo(tool);
    }

    @Test
    void returnsCursorsAsTheyWere() throws Exception {
        server.answering(turn ->
                turn.result(
                        turn.request().text().contains("cursor")
                                ? "{\"tools\":[]}"
                                : "{\"tools\":[],\"nextCursor\":\"a\\\"\\u0000é\\n\"}"));
        names();
        assertThat(server.received("tools/list").getLast().tree().at("/params/cursor").asString())
                .isEqualTo("a\"\0é\n");
    }

    @Test
    void takesFiftyPages() throws Exception {
        server.answering(turn -> page(turn, 50, 1));
        assertThat(names()).hasSize(50);
    }

    @Test
    void refusesMoreThanFiftyPages() {
        server.answering(turn -> page(turn, Integer.MAX_VALUE, 0));
        assertFails(UpstreamFailure.RESPONSE_TOO_LARGE);
        assertThat(server.received("tools/list")).hasSize(50);
    }

    @Test
    void takesAThousandToolsAndNotOneMore() throws Exception {
        server.answering(turn -> page(turn, 4, 250));
        assertThat(names()).hasSize(1_000);
        server.answering(turn -> page(turn, 1, 1_001));
        assertFails(UpstreamFailure.RESPONSE_TOO_LARGE);
    }

    @Test
    void refusesMoreThanFourMebibytesOverAllPages() {
        var bulk = "x".repeat(1_500_000);
        server.answering(turn ->
                turn.result("{\"tools\":[{\"name\":\"" + bulk + "\"}],\"nextCursor\":\"n\"}"));
        assertFails(UpstreamFailure.RESPONSE_TOO_LARGE);
        assertThat(server.received("tools/list")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"tools\":{}}", "{\"tools\":\"\"}"})
    void refusesWhatIsNoList(String result) {
        server.answering(turn -> turn.result(result));
        assertFails(UpstreamFailure.PROTOCOL_ERROR);
    }

    @Test
    void givesNoPartOfAListWhoseLaterPageFails() {
        server.answering(turn -> {
            if (turn.request().text().contains("cursor")) {
                turn.status(500);
            } else {
                page(turn, 2, 1);
            }
        });
        assertFails(UpstreamFailure.SERVER_ERROR);
    }

    /** Each page counts with its tree, and none is forgotten because it was read. */
    @Test
    void pagesCountAsLongAsTheListIsNotStored() throws InterruptedException {
        server.answering(turn -> page(turn, 3, 300));
        var taken = new AtomicLong();
        var list = upstream.list(ListKind.TOOLS, more -> taken.addAndGet(more) > 0);
        assertThat(Await.one(list)).hasSize(900);
        var whole = taken.get();
        assertThat(whole).isGreaterThan(3 * AnswerRoom.SMALL);

        taken.set(0);
        var refused = upstream.list(ListKind.TOOLS, more -> taken.addAndGet(more) < whole);
        assertThatThrownBy(() -> Await.one(refused))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        fault -> assertThat(fault.failure()).isEqualTo(UpstreamFailure.OVERLOADED));
    }

    private static void page(Turn turn, int pages, int size) throws IOException {
        int page = turn.request().tree().at("/params/cursor").asInt(0);
        var tools =
                IntStream.range(0, size)
                        .mapToObj(i -> "{\"name\":\"t" + page + "-" + i + "\"}")
                        .collect(Collectors.joining(","));
        var next = page + 1 < pages ? ",\"nextCursor\":\"" + (page + 1) + "\"" : "";
        turn.result("{\"tools\":[" + tools + "]" + next + "}");
    }

    private List<String> names() throws InterruptedException {
        return Await.one(upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED)).stream()
                .map(it -> it.path("name").asString())
                .toList();
    }

    private void assertFails(UpstreamFailure failure) {
        assertThatThrownBy(() -> Await.one(upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED)))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        fault -> assertThat(fault.failure()).isEqualTo(failure));
    }
}
