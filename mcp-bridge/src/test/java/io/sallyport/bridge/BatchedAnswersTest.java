package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.Era;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * B7 and E3: in the revisions that have batches a server may send several messages as one list.
 * {@code ANSWER} stands for the answer to our request, {@code ID} for its id.
 */
class BatchedAnswersTest extends UpstreamTest {
    private static final String ANSWER = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"a\":1}}";
    private static final String OTHER = "{\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":{}},";
    private static final String PROGRESS =
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                    + "{\"progressToken\":ID,\"progress\":1}}";

    /** Greets in the revision, and says {@code SAYS} for every other request, whose id is $id. */
    private static final String PROGRAM =
            """
            while read -r line; do
              id=${line#*'"id":'}; id=${id%%,*}
              case $line in
                *'"initialize"'*) printf '%s\\n' '{"jsonrpc":"2.0","id":'$id',"result":\
            {"protocolVersion":"REVISION","capabilities":{},"serverInfo":{"name":"sh"}}}';;
                *'"id":'*) printf '%s\\n' 'SAYS' | sed "s/ID/$id/g";;
              esac
            done
            """;

    private final Heard heard = new Heard();

    @TempDir Path cwd;

    private void greeting(String revision) {
        server.greeting(turn -> turn.result("{\"protocolVersion\":\"" + revision + "\"}"));
    }

    /** As a body and on a stream, to a request alone and to one that hears and may be asked. */
    private List<UpstreamReply> answers(String text) throws Exception {
        var replies = new ArrayList<UpstreamReply>();
        for (var request : List.of(request("{}"), request(envelope("{\"roots\":{}}", heard)))) {
            server.answering(
                    turn -> turn.body("application/json", said(text, turn).getBytes(UTF_8)));
            replies.add(Await.one(upstream.call(request)));
            server.answering(turn -> turn.event(turn.stream(), said(text, turn)));
            replies.add(Await.one(upstream.call(request)));
        }
        return replies;
    }

    private static String said(String text, Turn turn) {
        return text.replace("ANSWER", ANSWER).replace("ID", turn.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[ANSWER]",
                "[ANSWER,ANSWER]",
                "[" + OTHER + "ANSWER]",
                "[\"text\",{},[],null,ANSWER]",
                "[" + PROGRESS + ",ANSWER,{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"a\":2}}]",
                "[" + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER
                        + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER
                        + "ANSWER]"
            })
    void haveOurAnswerSomewhere(String batch) throws Exception {
        for (var revision : List.of("2025-03-26", "2024-11-05")) {
            upstream = McpUpstreams.connect(egress, server.destination(), List.of(), Era.LEGACY);
            greeting(revision);
            assertThat(answers(batch))
                    .extracting(BatchedAnswersTest::text)
                    .containsOnly("{\"a\":1}")
                    .hasSize(4);
        }
        assertThat(server.received("tools/call")).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[[ANSWER]]",
                "[" + OTHER + "7]",
                "[{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":[]},ANSWER]",
                "[" + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER
                        + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER + OTHER
                        + OTHER + "ANSWER]"
            })
    void areNoneIfTheyAreTooLongOrHaveNone(String batch) throws Exception {
        greeting("2025-03-26");
        assertThat(answers(batch)).containsOnly(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-06-18", "2025-11-25"})
    void areNobodysInOtherRevisions(String revision) throws Exception {
        greeting(revision);
        assertThat(answers("[ANSWER]")).containsOnly(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    @Test
    void mayHaveAnErrorWhateverTheStatus() throws Exception {
        var error =
                "[{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32602,\"message\":\"no\"}}]";
        greeting("2025-03-26");
        assertThat(answers(error)).containsOnly(new UpstreamReply.RpcError(-32602, "no"));
        server.answering(
                turn -> turn.body(422, "application/json", said(error, turn).getBytes(UTF_8)));
        assertThat(call()).isEqualTo(new UpstreamReply.RpcError(-32602, "no"));
    }

    /** Whatever stands in one is done in its order, as if it had come alone. */
    @Test
    void tellAndAskBeforeTheyAnswer() throws Exception {
        greeting("2025-03-26");
        server.answering(turn -> {
            var ping = "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"},";
            turn.event(turn.stream(), said("[" + PROGRESS + "," + ping + "ANSWER]", turn));
        });
        assertThat(text(Await.one(upstream.call(request(envelope("{}", heard))))))
                .isEqualTo("{\"a\":1}");
        assertThat(heard.all()).containsExactly("notifications/progress {\"progress\":1}");
        assertThat(server.received("response").getFirst().text())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"result\":{},\"id\":\"p\"}");
    }

    /** It would keep all that came with it for as long as a person thinks. */
    @Test
    void askNobodyForInput() throws Exception {
        greeting("2025-03-26");
        var asks =
                "{\"jsonrpc\":\"2.0\",\"id\":\"e\",\"method\":\"elicitation/create\",\"params\":{}}";
        server.answering(
                turn -> turn.event(turn.stream(), "[" + asks + "," + said("ANSWER", turn) + "]"));

        var reply = Await.one(upstream.call(request(envelope("{\"elicitation\":{}}", heard))));

        assertThat(text(reply)).isEqualTo("{\"a\":1}");
        assertThat(server.await("response", 1).getFirst().text()).contains("-32603");
    }

    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}";

    @Test
    void comeOnTheStreamOfTheSessionToo() throws Exception {
        var over = new CountDownLatch(1);
        greeting("2025-03-26");
        server.listening(
                        turn -> {
                            var stream = turn.stream();
                            stream.flush();
                            var call = server.await("tools/call", 1).getFirst();
                            var id = call.tree().path("id").asString();
                            turn.event(stream, "[" + PROGRESS.replace("ID", id) + "," + PING + "]");
                            over.await(20, TimeUnit.SECONDS);
                        })
                .answering(turn -> {
                    server.await("response", 1);
                    turn.result("{}");
                });
        Await.one(upstream.call(request(envelope("{}", heard))));
        over.countDown();
        assertThat(heard.all()).containsExactly("notifications/progress {\"progress\":1}");
    }

    private UpstreamReply program(String revision, String says) throws Exception {
        var program =
                PROGRAM.replace("REVISION", revision)
                        .replace("SAYS", says.replace("ANSWER", ANSWER));
        var profile = new LaunchProfile(List.of("/bin/sh", "-c", program), cwd, Map.of());
        try (var launched = McpUpstreams.launch(profile, new Semaphore(64))) {
            return Await.one(launched.call(request(envelope("{}", heard))));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[ANSWER]",
                "[" + OTHER + "ANSWER]",
                "[" + PROGRESS + ",7,ANSWER]",
                "[1]\n{\"a\":1}\n[ANSWER,ANSWER]"
            })
    void areLinesOfPrograms(String line) throws Exception {
        assertThat(text(program("2025-03-26", line))).isEqualTo("{\"a\":1}");
        assertThat(text(program("2024-11-05", line))).isEqualTo("{\"a\":1}");
    }

    @Test
    void areStraysOfProgramsOfOtherRevisions() throws Exception {
        var other = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"a\":2}}";
        assertThat(text(program("2025-06-18", "[ANSWER]\n" + other))).isEqualTo("{\"a\":2}");
    }
}
