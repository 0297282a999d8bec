package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused before anything is sent. */
class RequestRefusalTest {
    private RawProvider provider;
    private ChatServer server;

    @BeforeEach
    void start() throws IOException {
        provider = RawProvider.answeringJson("{}");
        server = ChatServer.of(Tenant.at(provider.endpoint()));
    }

    @AfterEach
    void nothingWasSent() {
        assertThat(provider.requests()).isZero();
        assertThat(server.gate.names()).isEmpty();
        server.close();
        provider.close();
    }

    private void refuses(String body, int status, String code) throws Exception {
        var answer = server.chat(body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(server.rejected).last().isEqualTo("chat " + code);
    }

    @Test
    @DisplayName("HP-01: a duplicate key anywhere in the body is refused")
    void duplicateKeys() throws Exception {
        refuses(
                "{\"model\":\"plain\",\"model\":\"agent\",\"messages\":[{}]}",
                400,
                "duplicate_key");
        refuses(
                "{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"role\":\"system\"}]}",
                400,
                "duplicate_key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "nonsense", "{\"a\":NaN}"})
    void whatIsNoJson(String body) throws Exception {
        refuses(body, 400, "invalid_json");
    }

    @Test
    void whatIsNestedTooDeeply() throws Exception {
        refuses("[".repeat(65) + "]".repeat(65), 400, "too_deep");
    }

    @Test
    void whatIsNoUtf8() throws Exception {
        var bytes =
                Bodies.ask("plain", "")
                        .replace("Hello", "\u00e9")
                        .getBytes(StandardCharsets.ISO_8859_1);
        var request = server.request("/chat/completions").POST(BodyPublishers.ofByteArray(bytes));
        var answer = Answer.checked(server.send(request.build(), BodyHandlers.ofString()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("invalid_utf8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"model\":7,\"messages\":[{}]}",
                "{\"model\":\"plain\"}",
                "{\"model\":\"plain\",\"messages\":[]}",
                "{\"model\":\"plain\",\"messages\":[{}],\"stream\":\"yes\"}",
                "{\"model\":\"plain\",\"messages\":[{}],\"tools\":{}}"
            })
    void whatIsNoChatRequest(String body) throws Exception {
        refuses(body, 400, "invalid_request");
    }

    @Test
    void anUnknownModel() throws Exception {
        refuses(Bodies.ask("nobody", ""), 404, "model_not_found");
    }

    @Test
    void aBodyThatIsTooLarge() throws Exception {
        var large = Bodies.ask("plain", "\"user\":\"" + "x".repeat(RequestBody.MAX_BYTES) + "\"");
        var answer = server.chat(large);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.errorCode()).isEqualTo("body_too_large");
    }

    @Test
    void aLargeBodyThatIsMalformedIsRefusedLikeASmallOne() throws Exception {
        refuses("{\"x\":\"" + "x".repeat(1_000_000), 400, "invalid_json");
    }

    @ParameterizedTest
    @CsvSource({
        "content-type, text/plain, unsupported_media_type",
        "content-encoding, gzip, unsupported_content_encoding"
    })
    void aBodyOfAnotherKind(String name, String value, String code) throws Exception {
        var request =
                server.request("/chat/completions")
                        .setHeader(name, value)
                        .POST(BodyPublishers.ofString(Bodies.ask("plain", "")));
        var answer = Answer.checked(server.send(request.build(), BodyHandlers.ofString()));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.errorCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @DisplayName("CL-05: tool_choice cannot name what is not offered")
    @ValueSource(
            strings = {
                "{\"type\":\"function\",\"function\":{\"name\":\"hidden__secret\"}}",
                "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":"
                        + "[{\"type\":\"function\",\"function\":{\"name\":\"hidden__secret\"}}]}}"
            })
    void toolChoiceOfWhatIsNotOffered(String choice) throws Exception {
        for (var model : new String[] {"plain", "agent"}) {
            refuses(Bodies.ask(model, "\"tool_choice\":" + choice), 400, "tool_not_allowed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"server_url", "authorization", "headers", "connector_id"})
    void aServerOfTheClientsOwn(String member) throws Exception {
        var entry = "{\"type\":\"mcp\",\"server_label\":\"weather\",\"" + member + "\":\"x\"}";
        refuses(
                Bodies.ask("plain", "\"tools\":[" + entry + "]"),
                400,
                "mcp_server_url_not_allowed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"server_label\":\"hidden\"} | tool_not_allowed",
                "{\"server_label\":\"nowhere\"} | tool_not_allowed",
                "{\"server_label\":\"weather\",\"allowed_tools\":[\"nothing\"]} | tool_not_allowed",
                "{\"server_label\":\"notes\",\"allowed_tools\":{\"tool_names\":"
                        + "[\"delete_note\"],\"read_only\":true}} | no_tools_available",
                "{\"server_label\":\"weather\",\"allowed_tools\":7} | invalid_request",
                "{\"server_label\":\"weather\",\"require_approval\":\"always\"} |"
                        + " unsupported_parameter",
                "{} | invalid_request"
            })
    void anMcpEntryThatCannotBeServed(String members, String code) throws Exception {
        var entry = members.replaceFirst("\\{", "{\"type\":\"mcp\",").replace(",}", "}");
        refuses(Bodies.ask("plain", "\"tools\":[" + entry + "]"), 400, code);
    }

    @ParameterizedTest
    @CsvSource({"unseen, no_tools_available", "nowhere, no_tools_available"})
    void aToolsetThatIsAskedForAndHoldsNothing(String toolset, String code) throws Exception {
        var metadata = "\"metadata\":{\"sallyport_toolsets\":\"" + toolset + "\"}";
        refuses(Bodies.ask("plain", metadata), 400, code);
        var answer = server.chat(Bodies.ask("plain", ""), "X-Sallyport-Toolsets", toolset);
        assertThat(answer.errorCode()).isEqualTo(code);
    }

    /** F18. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1.0", "1e0", "9223372036854775808", "100000000000000000000000"})
    void moreOrLessThanOneChoiceWithServerTools(String n) throws Exception {
        refuses(Bodies.ask("agent", "\"n\":" + n), 400, "unsupported_parameter");
    }

    @Test
    void whatServerToolsDoNotGoWith() throws Exception {
        refuses(Bodies.ask("agent", "\"n\":2"), 400, "unsupported_parameter");
        refuses(Bodies.ask("agent", "\"functions\":[]"), 400, "unsupported_parameter");
        refuses(
                Bodies.ask("agent", "\"metadata\":{\"sallyport_run\":\"r\"}"),
                400,
                "unsupported_parameter");
        var answer = server.chat(Bodies.ask("agent", ""), "X-Sallyport-Approval", "wait");
        assertThat(answer.errorCode()).isEqualTo("unsupported_parameter");
    }

    @Test
    void aFunctionWithTheNameOfAServerTool() throws Exception {
        var function = Bodies.function("weather__get_forecast");
        refuses(Bodies.ask("agent", "\"tools\":[" + function + "]"), 400, "tool_name_conflict");
    }

    @Test
    void twoIdempotencyKeys() throws Exception {
        var key = "idempotency-key";

        var answer = server.chat(Bodies.ask("agent", false), key, "a", key, "b");

        assertThat(answer.errorCode()).isEqualTo("invalid_request");
        assertThat(answer.body()).contains("one Idempotency-Key header");
    }
}
