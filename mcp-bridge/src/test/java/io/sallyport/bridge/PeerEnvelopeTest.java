package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.Era;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How servers write the answer to our request, in both eras, as a body and on a stream. {@code ID}
 * stands for its id.
 */
class PeerEnvelopeTest extends UpstreamTest {
    private static final List<Era> ERAS = List.of(Era.LEGACY, Era.MODERN);

    /** Every way in which an answer comes. */
    private List<UpstreamReply> answers(String text) throws Exception {
        return answers(text.getBytes(UTF_8));
    }

    private List<UpstreamReply> answers(byte[] text) throws Exception {
        var replies = new ArrayList<UpstreamReply>();
        for (var era : ERAS) {
            try (var other = upstream(era)) {
                server.answering(turn -> turn.body("application/json", named(text, turn)));
                replies.add(Await.one(other.call(request("{}"))));
                server.answering(turn -> streamed(turn, named(text, turn)));
                replies.add(Await.one(other.call(request("{}"))));
            }
        }
        return replies;
    }

    private McpUpstream upstream(Era era) {
        return McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), era);
    }

    private static byte[] named(byte[] text, Turn turn) {
        return new String(text, ISO_8859_1).replace("ID", turn.id()).getBytes(ISO_8859_1);
    }

    private static void streamed(Turn turn, byte[] text) throws Exception {
        var stream = turn.stream();
        stream.write("data: ".getBytes(UTF_8));
        stream.write(text);
        stream.write("\n\n".getBytes(UTF_8));
    }

    /** B7: null is absent, an id may be a text or have a fraction, a byte order mark is nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":null,\"params\":null,\"result\":{\"a\":1},"
                        + "\"error\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"ID\",\"result\":{\"a\":1}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID.0,\"result\":{\"a\":1},\"error\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID.000,\"result\":{\"a\":1}}",
                "\ufeff{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"a\":1},\"_meta\":null}",
                "\ufeff {\"result\":{\"a\":1},\"method\":null,\"id\":\"ID\",\"jsonrpc\":\"2.0\"}"
            })
    void takesTheAnswerThatItPlainlyIs(String answer) throws Exception {
        assertThat(answers(answer))
                .extracting(PeerEnvelopeTest::text)
                .containsOnly("{\"a\":1}")
                .hasSize(4);
    }

    /** B7: of what is near to that, nothing is taken. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":\"0ID\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\" ID\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"ID.0\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"+ID\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID.5,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":-ID,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":[ID],\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":null,\"error\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}",
                "\ufeff\ufeff{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}",
                "{\"jsonrpc\":null,\"id\":ID,\"result\":{}}"
            })
    void takesNothingThatMightBeSomethingElse(String answer) throws Exception {
        assertThat(answers(answer))
                .allSatisfy(it -> assertThat(it).isInstanceOf(UpstreamReply.Failed.class))
                .allMatch(it -> it instanceof UpstreamReply.Failed(_, var sent) && sent);
    }

    @Test
    void refusesJsonThatMeansTwoThings() throws Exception {
        var text = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{},\"result\":{}}";
        server.answering(turn -> turn.body("application/json", named(text.getBytes(UTF_8), turn)));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.NOT_JSON, true));
    }

    /** B7: what comes after the answer changes nothing, whoever's spelling it has. */
    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "MODERN"})
    void hearsNoSecondAnswer(Era era) throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            turn.event(stream, "{\"jsonrpc\":\"2.0\",\"id\":\"" + turn.id() + "\",\"result\":{}}");
            turn.event(stream, turn.response("{\"second\":true}"));
            turn.event(stream, turn.response("{\"third\":true}"));
        });
        try (var other = upstream(era)) {
            assertThat(text(Await.one(other.call(request("{}"))))).isEqualTo("{}");
            server.answering(turn -> turn.result("{\"n\":2}"));
            assertThat(text(Await.one(other.call(request("{}"))))).isEqualTo("{\"n\":2}");
        }
    }

    /** B4: the words of an error and what it adds reach whoever renders them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"code\":-32602,\"message\":\"no such id\"}                  |-32602|no such id|",
                "{\"code\":-32603,\"message\":\"é\",\"data\":{\"a\":[1.10]}}   |-32603|é|{\"a\":[1.10]}",
                "{\"code\":-32042,\"message\":\"u\",\"data\":{\"url\":\"https://x\"}}|-32042|u|"
                        + "{\"url\":\"https://x\"}",
                "{\"code\":-32000.0,\"message\":null,\"data\":null}            |-32000||",
                "{\"code\":7,\"data\":\"text\"}                                |7||\"text\"",
                "{\"code\":0,\"message\":\"\",\"data\":[]}                     |0||[]"
            })
    void keepsWhatAnErrorSays(String error, int code, String message, String data)
            throws Exception {
        var text = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":null,\"error\":" + error + "}";
        var expected =
                new UpstreamReply.RpcError(
                        code,
                        Optional.ofNullable(message).orElse(""),
                        Optional.ofNullable(data).map(UpstreamTest::json));
        assertThat(answers(text)).containsOnly(expected).hasSize(4);
    }

    /** B6: the members of a result that mean nothing are not there; others are the server's. */
    @Test
    void dropsTheMembersOfAResultThatAreNull() throws Exception {
        var result =
                "{\"content\":[{\"type\":\"text\",\"text\":\"a\",\"annotations\":null}],"
                        + "\"structuredContent\":null,\"nextCursor\":null,\"isError\":null,\"_meta\":null,"
                        + "\"resultType\":null,\"requestState\":null,\"theirs\":null}";
        assertThat(answers("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" + result + "}"))
                .extracting(PeerEnvelopeTest::text)
                .containsOnly(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"a\",\"annotations\":null}],"
                                + "\"structuredContent\":null,\"theirs\":null}");
    }

    /** B8: half a character costs that character, and the reply says that it did. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\ud83d",
                "\\udE00",
                "\\ude00\\ud83d",
                "\\ud83d\\u0041",
                "\u00ff",
                "\u00f0\u009f\u0098",
                "\u00ed\u00a0\u00bd\u00ed\u00b8\u0080",
                "\u00c0\u0080"
            })
    void putsAReplacementForWhatIsNoCharacter(String half) throws Exception {
        var text = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"t\":\"a" + half + "z\"}}";
        assertThat(answers(text.getBytes(ISO_8859_1)))
                .allSatisfy(it -> assertThat(text(it)).matches("\\{\"t\":\"a\ufffd+A?z\"}"))
                .allMatch(it -> it instanceof UpstreamReply.Result(_, _, var mended) && mended);
    }

    /** B8. */
    @Test
    void saysNothingOfWholeCharacters() throws Exception {
        var text =
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"t\":\"\\ud83d\\ude00 😀 \ufffd\"}}";
        assertThat(answers(text))
                .allMatch(it -> it instanceof UpstreamReply.Result(_, _, var mended) && !mended);
    }

    /** B8: names that become alike are two members of one name, which is refused as ever. */
    @Test
    void refusesNamesThatBecomeAlike() throws Exception {
        var result = "{\"\\ud83d\":1,\"\\ud83e\":2}";
        assertThat(answers("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" + result + "}"))
                .allSatisfy(it -> assertThat(it).isInstanceOf(UpstreamReply.Failed.class));
    }

    /** B8: the other descriptors of a list do not suffer. */
    @Test
    void listsTheOthersWhereOneDescriptionIsBroken() throws Exception {
        server.answering(turn ->
                turn.result(
                        "{\"tools\":[{\"name\":\"a\",\"description\":\"x\\ud800\"},"
                                + "{\"name\":\"b\",\"description\":\"y\"}]}"));
        assertThat(Await.one(upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED)))
                .extracting(it -> it.path("description").asString())
                .containsExactly("x\ufffd", "y");
    }

    /** B11: what a proxy has doubled is one, and what differs is nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|application/json|s-1|s-1|true",
                "application/json; charset=utf-8|application/json; charset=utf-8|s-1, s-1||true",
                "application/json, application/json||s-1|s-1|true",
                "application/json|text/event-stream|s-1||false",
                "application/json|text/html|s-1||false",
                "application/json||s-1|s-2|false"
            })
    void takesDoubledHeadersForOne(
            String type, String otherType, String session, String otherSession, boolean taken)
            throws Exception {
        server.greeting(turn -> {
            add(turn, "Content-Type", type, otherType);
            add(turn, "Mcp-Session-Id", session, otherSession);
            greet(turn, "2025-11-25");
        });
        assertThat(call() instanceof UpstreamReply.Result).isEqualTo(taken);
        assertThat(server.received("tools/call"))
                .hasSize(taken ? 1 : 0)
                .allSatisfy(it -> assertThat(it.header("Mcp-session-id")).isEqualTo("s-1"));
    }

    private static void add(Turn turn, String name, String one, @Nullable String other) {
        turn.exchange().getResponseHeaders().add(name, one);
        if (other != null) {
            turn.exchange().getResponseHeaders().add(name, other);
        }
    }

    private static void greet(Turn turn, String version) throws Exception {
        var greeting =
                turn.response(
                        "{\"protocolVersion\":\""
                                + version
                                + "\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{}}");
        var body = greeting.getBytes(UTF_8);
        turn.exchange().sendResponseHeaders(200, body.length);
        turn.exchange().getResponseBody().write(body);
    }

    /** A11 and B1: an encoding that changes no byte is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "None",
                "utf-8",
                "UTF8",
                "Utf-8",
                "",
                " ",
                "IDENTITY",
                "identity, none",
                ",none,,utf8 ,",
                "none|identity"
            })
    void readsWhatIsNotCompressedWhateverItIsCalled(String encoding) throws Exception {
        for (var era : ERAS) {
            try (var other = upstream(era)) {
                server.answering(turn -> {
                    encoded(turn, encoding);
                    turn.result("{\"a\":1}");
                });
                assertThat(text(Await.one(other.call(request("{}"))))).isEqualTo("{\"a\":1}");
                server.answering(turn -> {
                    encoded(turn, encoding);
                    turn.event(turn.stream(), turn.response("{\"a\":2}"));
                });
                assertThat(text(Await.one(other.call(request("{}"))))).isEqualTo("{\"a\":2}");
            }
        }
    }

    /** A11 and B1: whatever else an encoding is called, nothing here undoes it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "none, gzip",
                "identity|br",
                "utf-16",
                "utf 8",
                "chunked",
                "nonesuch",
                "\"none\""
            })
    void readsNothingThatMayBeCompressed(String encoding) throws Exception {
        for (var era : ERAS) {
            try (var other = upstream(era)) {
                server.answering(turn -> {
                    encoded(turn, encoding);
                    turn.result("{\"a\":1}");
                });
                assertThat(Await.one(other.call(request("{}"))))
                        .isEqualTo(failed(UpstreamFailure.ENCODED, true));
            }
        }
        assertThat(server.received("tools/call")).hasSize(2);
    }

    private static void encoded(Turn turn, String lines) {
        for (var line : lines.split("\\|", -1)) {
            turn.exchange().getResponseHeaders().add("Content-Encoding", line);
        }
    }

    /** B11: the oldest revision is served like the next one. */
    @Test
    void servesTheOldestRevision() throws Exception {
        server.greeting(turn -> {
            add(turn, "Content-Type", "application/json", null);
            greet(turn, "2024-11-05");
        });
        assertThat(Await.one(upstream.probe()).protocolVersion()).isEqualTo("2024-11-05");
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
    }
}
