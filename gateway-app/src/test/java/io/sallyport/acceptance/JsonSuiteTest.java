package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The parser cases of nst/JSONTestSuite, as a whole body and inside of one. */
@ExtendWith(GatewayExtension.class)
class JsonSuiteTest {
    private static final String SUITE = "/corpus/JSONTestSuite.jsonl";

    private final RunningGateway gateway;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String key;

    JsonSuiteTest(RunningGateway gateway) {
        this.gateway = gateway;
        key = gateway.newTenant("suite").agent();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(String name, byte[] text) {
        boolean isRefused() {
            return name.startsWith("n_");
        }
    }

    private static List<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        var suite = Objects.requireNonNull(JsonSuiteTest.class.getResourceAsStream(SUITE));
        try (var lines = new BufferedReader(new InputStreamReader(suite, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var entry = Reply.parse(line);
                var file = entry.path("file").asString();
                var text = Base64.getDecoder().decode(entry.path("b64").asString());
                cases.add(new Case(file.substring(file.lastIndexOf('/') + 1), text));
            }
        }
        return cases;
    }

    private int post(String path, String bearer, byte[] body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(gateway.url() + path))
                        .timeout(Duration.ofSeconds(10))
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + bearer)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    private void assertHeld(String path, String bearer, String before, String after)
            throws IOException, InterruptedException {
        var cases = cases();
        assertThat(cases).hasSizeGreaterThan(300);
        for (var one : cases) {
            var body = new ByteArrayOutputStream();
            body.writeBytes(before.getBytes(StandardCharsets.UTF_8));
            body.writeBytes(one.text());
            body.writeBytes(after.getBytes(StandardCharsets.UTF_8));
            var status = post(path, bearer, body.toByteArray());
            if (one.isRefused() && !isRepaired(one, before)) {
                assertThat(status).as(path + " " + one.name()).isEqualTo(400);
            } else {
                assertThat(status).as(path + " " + one.name()).isLessThan(500);
            }
        }
    }

    /** Fragments that make sense between the quotes and brackets of a whole message. */
    private static boolean isRepaired(Case one, String before) {
        return !before.isEmpty() && one.name().startsWith("n_structure");
    }

    @Test
    @DisplayName("HP-09 broken JSON is refused as a body of MCP, sound JSON never breaks anything")
    void asAnMcpBody() throws IOException, InterruptedException {
        assertHeld("/mcp", key, "", "");
    }

    @Test
    @DisplayName("HP-09 the same inside of the arguments of a call")
    void asArguments() throws IOException, InterruptedException {
        assertHeld(
                "/mcp",
                key,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\",\"arguments\":",
                "}}");
    }

    @Test
    @DisplayName("HP-09 the same on the chat face and on an admin route")
    void asOtherBodies() throws IOException, InterruptedException {
        assertHeld("/v1/chat/completions", key, "", "");
        assertHeld("/admin/v1/keys", gateway.platformKey(), "", "");
    }
}
