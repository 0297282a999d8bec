package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.fuzz.FuzzInputs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * H16: whatever a header or a body says, on no face does the gateway fail, show where, or hang.
 * {@link FuzzInputs} says how many inputs are tried.
 */
@ExtendWith(GatewayExtension.class)
class FaceFuzzTest {
    private static final Pattern INSIDES =
            Pattern.compile("Exception|java\\.|\\bat io\\.|tools\\.jackson|org\\.spring");

    /** Every header that something reads, as an honest client writes it. */
    private static final List<String> HEADERS =
            List.of(
                    "Origin: http://localhost:8080",
                    "Origin: http:x",
                    "Origin: null",
                    "Host: localhost:8080",
                    "Host: [::1]:80",
                    "Forwarded: for=192.0.2.60;proto=http;by=203.0.113.43;host=\"a:1\"",
                    "X-Forwarded-Host: localhost",
                    "Accept: application/json, text/event-stream;q=0.5, */*",
                    "Accept-Language: de-DE, en;q=0.5",
                    "Content-Type: application/json; charset=\"utf-8\"",
                    "Authorization: Bearer sp_abc_0123456789",
                    "MCP-Protocol-Version: 2026-07-28",
                    "MCP-Protocol-Version: 2025-11-25",
                    "Mcp-Method: tools/call",
                    "Mcp-Name: =?base64?dTFfX2VjaG8=?=",
                    "Mcp-Param-Region: =?base64?4pyT?=",
                    "Mcp-Session-Id: 0123456789abcdef",
                    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    "tracestate: congo=t61rcWkgMzE,rojo=00f067aa0ba902b7",
                    "baggage: userId=alice,serverNode=DF%2028;p=1",
                    "Last-Event-ID: 42",
                    "Idempotency-Key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
                    "X-Sallyport-Toolsets: a,b",
                    "X-Sallyport-Tenant: default",
                    "X-Sallyport-Events: delta",
                    "X-Sallyport-Approval: wait",
                    "X-Request-Id: 7c9e6679-7425-40de-944b-e07fc1f90ae7",
                    "Range: bytes=0-9,20-",
                    "If-Match: \"12\", W/\"x\"",
                    "If-None-Match: \"12\"",
                    "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
                    "Expect: 100-continue",
                    "Cookie: a=b; c=\"d\"",
                    "X-Stainless-Retry-Count: 1");

    private static final List<String> HEADER_WORDS =
            List.of(
                    "=?base64?",
                    "?=",
                    "http://",
                    "://",
                    "@",
                    "[::1]",
                    ";q=",
                    ";",
                    "*/*",
                    "\"",
                    ",");

    private static final List<String> BODIES =
            List.of(
                    "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":"
                            + "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}},"
                            + "{\"type\":\"mcp\",\"server_label\":\"u1\",\"allowed_tools\":{\"read_only\":true}}],"
                            + "\"tool_choice\":{\"type\":\"allowed_tools\",\"tools\":[]},\"metadata\":{\"a\":\"b\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                            + "\"2025-11-25\",\"capabilities\":{\"elicitation\":{}},\"clientInfo\":{\"name\":\"x\"}}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/call\",\"params\":{\"name\":\"u1__echo\","
                            + "\"arguments\":{\"a\":1.10},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":"
                            + "\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{},\"progressToken\":1},"
                            + "\"inputResponses\":{},\"requestState\":\"x\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"completion/complete\",\"params\":{\"ref\":{\"type\":"
                            + "\"ref/prompt\",\"name\":\"p\"},\"argument\":{\"name\":\"a\",\"value\":\"v\"}}}",
                    "{\"slug\":\"s\",\"url\":\"https://mcp.example/mcp\",\"egress\":{\"allow\":[\"127.0.0.1/32:1\"]},"
                            + "\"headers\":{\"x-a\":\"b\"},\"relay\":[\"elicitation\"],\"labels\":[\"pii\"]}",
                    "{\"owner\":\"user:ada\",\"kind\":\"agent\",\"toolsets\":[\"a\"],\"models\":[\"m\"],"
                            + "\"expires_at\":\"2027-01-01T00:00:00Z\"}",
                    "{\"decision\":\"approve\",\"reason\":\"fine\"}",
                    "{\"tools\":[{\"name\":\"a\",\"digest\":\"sha256:0\",\"risk\":\"read\",\"override\":\"x\"}]}",
                    "{\"rules\":[{\"id\":\"a\",\"effect\":\"allow\",\"tools\":[\"u1/*\"],\"when\":\"args.a > 1\"}]}",
                    "{\"targets\":[{\"provider\":\"openai\",\"base_url\":\"https://a.example/v1\",\"model\":\"m\"}],"
                            + "\"toolset\":\"a\",\"limits\":{\"rounds\":3}}");

    private static final List<String> BODY_WORDS =
            List.of("null", "{}", "[]", "\"\"", "-1", "1e400", "\"a\":", "\\ud800", "[[[[", "}}");

    private static final List<String> CHAT = List.of("POST /v1/chat/completions");
    private static final List<String> MCP =
            List.of("POST /mcp", "POST /mcp/servers/u1", "POST /mcp/toolsets/a");
    private static final List<String> ADMIN =
            List.of(
                    "POST /admin/v1/servers",
                    "POST /admin/v1/keys",
                    "POST /admin/v1/servers/u1/approve",
                    "POST /admin/v1/approvals/apr_1/decision",
                    "PUT /admin/v1/policies/current",
                    "PUT /admin/v1/toolsets/a",
                    "PUT /admin/v1/models/m");
    private static final List<String> BODILESS =
            List.of(
                    "GET /v1/models",
                    "GET /v1/me",
                    "GET /mcp",
                    "DELETE /mcp",
                    "GET /admin/v1/servers",
                    "GET /admin/v1/audit?limit=1",
                    "GET /livez",
                    "GET /.well-known/oauth-protected-resource/mcp");

    private final URI url;
    private final TenantDesk tenant;
    private final String agent;
    private final String admin;

    FaceFuzzTest(RunningGateway gateway) {
        url = gateway.url();
        tenant = gateway.newTenant("fuzz");
        agent = tenant.agent();
        admin = tenant.key("user:root", "admin");
    }

    @Test
    void noHeaderBreaksAnyFace() {
        var inputs = FuzzInputs.of(HEADERS, HEADER_WORDS);
        try (var wire = new Wire(url)) {
            var turn = new int[1];
            inputs.check(FaceFuzzTest.class, header -> wire.check(withHeader(header, turn[0]++)));
        }
    }

    /** One header more on a request of each face in turn; every third one has no key. */
    private byte[] withHeader(byte[] header, int turn) {
        var all = List.of(CHAT, MCP, ADMIN, BODILESS, BODILESS);
        var routes = all.get(turn % all.size());
        var route = routes.get(turn / all.size() % routes.size());
        var body = routes.equals(BODILESS) ? "" : BODIES.get(turn % BODIES.size());
        var line = new String(header, ISO_8859_1).replaceAll("[\\r\\n]", " ");
        var key = turn % 3 == 0 ? "" : authorization(route);
        return request(route, key + line + "\r\n", body.getBytes(UTF_8));
    }

    private String authorization(String route) {
        var key = route.contains("/admin") ? admin : agent;
        return "Authorization: Bearer " + key + "\r\n";
    }

    private static byte[] request(String route, String headers, byte[] body) {
        var host = headers.regionMatches(true, 0, "host:", 0, 5) ? "" : "Host: localhost\r\n";
        var type = headers.contains("Content-Type") ? "" : "Content-Type: application/json\r\n";
        var length = body.length == 0 ? "" : type + "Content-Length: " + body.length + "\r\n";
        var head = route + " HTTP/1.1\r\n" + host + headers + length + "\r\n";
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.getBytes(ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    @Test
    void noBodyBreaksTheChatFace() {
        tryBodies(CHAT, "");
    }

    @Test
    void noBodyBreaksEitherEraOfMcp() {
        tryBodies(MCP, "");
        tryBodies(
                MCP,
                "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: u1__echo\r\n");
    }

    @Test
    void noBodyBreaksTheAdminFace() {
        tryBodies(ADMIN, "");
    }

    private void tryBodies(List<String> routes, String headers) {
        var inputs = FuzzInputs.of(BODIES, BODY_WORDS);
        var accept = "Accept: application/json, text/event-stream\r\n";
        try (var wire = new Wire(url)) {
            var turn = new int[1];
            inputs.check(
                    FaceFuzzTest.class,
                    body -> {
                        var route = routes.get(turn[0]++ % routes.size());
                        wire.check(request(route, authorization(route) + accept + headers, body));
                    });
        }
    }

    /** One connection, and a new one whenever the gateway closes it or opens a stream. */
    private static final class Wire implements AutoCloseable {
        private static final int PATIENCE_MILLIS = 20_000;

        private final URI url;
        private Socket socket = new Socket();

        Wire(URI url) {
            this.url = url;
        }

        /** A timeout is a hang, and fails. */
        void check(byte[] request) throws IOException {
            if (!socket.isConnected() || socket.isClosed()) {
                socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort());
                socket.setSoTimeout(PATIENCE_MILLIS);
            }
            try {
                socket.getOutputStream().write(request);
            } catch (IOException _) {
                socket.close(); // closed after the answer before this one
                return;
            }
            var head = head(socket.getInputStream());
            var body = head.isEmpty() ? "" : body(head);
            assertThat(head).doesNotStartWith("HTTP/1.1 500");
            assertThat(isMute(head)).as(head).isFalse();
            assertThat(INSIDES.matcher(head + body).find()).as("%s%s", head, body).isFalse();
        }

        /**
         * Nobody but the codec's watch refuses without a word, and it says that it hangs up: what
         * the framework refuses by itself leaves a body for the next request to wait behind.
         */
        private static boolean isMute(String head) {
            var fields = head.toLowerCase(Locale.ROOT);
            return fields.startsWith("http/1.1 4")
                    && fields.contains("content-length: 0\r\n")
                    && !fields.contains("connection: close");
        }

        /** Empty where the gateway says nothing and closes. */
        private String head(InputStream in) throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    socket.close();
                    return head.toString();
                }
                head.append((char) next);
            }
            return head.toString();
        }

        private String body(String head) throws IOException {
            var length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
            var keeps =
                    length.find() && !head.toLowerCase(Locale.ROOT).contains("connection: close");
            var isInterim = head.startsWith("HTTP/1.1 100");
            if (!keeps || isInterim) {
                socket.close();
                return "";
            }
            var bytes = socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
            return new String(bytes, UTF_8);
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException _) {
                // the gateway closed it first
            }
        }
    }
}
