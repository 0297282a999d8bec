package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.Era;
import io.sallyport.egress.FaultDetail;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that refuse a greeting with an error, and say in it which revisions they would take. */
class OtherRevisionTest extends UpstreamTest {
    /** Refuses every revision but one. */
    private void refusing(int status, int code, String supported, String taken) {
        server.greeting(turn -> {
            if (asked(turn.request()).equals(taken)) {
                turn.header("Mcp-Session-Id", "s");
                turn.result("{\"protocolVersion\":\"" + taken + "\",\"capabilities\":{}}");
            } else {
                refuse(turn, status, code, supported);
            }
        });
    }

    private static void refuse(Turn turn, int status, int code, String supported) throws Exception {
        var error =
                "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"no\",\"data\":{\"supported\":%s}}}"
                        .formatted(turn.id(), code, supported);
        turn.body(status, "application/json", error.getBytes(UTF_8));
    }

    private static String asked(FakeMcpServer.Received request) {
        return request.tree().at("/params/protocolVersion").asString("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | -32602 | ['2024-11-05','2025-06-18'] | 2025-06-18",
                "400 | -32000 | ['2025-03-26']              | 2025-03-26",
                "400 | -32022 | ['2024-11-05']              | 2024-11-05",
                "200 | -32022 | ['1999-01-01','2025-06-18'] | 2025-06-18",
                "422 | 7      | ['2025-06-18',7,null]       | 2025-06-18",
            })
    void areGreetedInTheLatestOfThemThatIsSpokenHere(
            int status, int code, String supported, String taken) throws Exception {
        refusing(status, code, supported.replace('\'', '"'), taken);

        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);

        assertThat(server.received("initialize"))
                .extracting(OtherRevisionTest::asked)
                .containsExactly("2025-11-25", taken);
        assertThat(server.received("tools/call").getFirst().header("Mcp-protocol-version"))
                .isEqualTo(taken);
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"['1999-01-01']", "[]", "'2025-06-18'", "{}", "['2025-11-25']"})
    void areToldApartFromThoseThatNameNone(String supported) {
        refusing(200, -32022, supported.replace('\'', '"'), "none");

        assertThatThrownBy(() -> Await.one(upstream.probe()))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        it -> assertThat(it.detail().cause()).isEqualTo(FaultDetail.Cause.VERSION));
        assertThat(server.received("initialize")).hasSize(1);
    }

    @Test
    void areNotAskedAThirdTime() throws Exception {
        refusing(200, -32602, "[\"2025-06-18\",\"2025-03-26\"]", "none");

        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, false));
        assertThat(server.received("initialize")).hasSize(2);
        assertThat(server.received("tools/call")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Era.class,
            names = {"AUTO", "LEGACY"})
    void areFoundWhateverEraIsConfigured(Era era) throws Exception {
        refusing(400, -32000, "[\"2025-06-18\"]", "2025-06-18");
        server.answering(turn -> {
            if (turn.request().method().equals("server/discover")) {
                refuse(turn, 400, -32000, "[\"2025-06-18\"]");
            } else {
                turn.result("{}");
            }
        });
        var other = McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), era);

        assertThat(Await.one(other.call(request("{}")))).isInstanceOf(UpstreamReply.Result.class);
    }
}
