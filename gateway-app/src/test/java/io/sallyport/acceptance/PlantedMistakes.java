package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.acceptance.Canaries.Kind;
import io.sallyport.acceptance.ScriptedUpstream.Behaviour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/** What goes wrong before a call: registrations, providers, programs, requests that are none. */
final class PlantedMistakes implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final String GREETING =
            "{\"jsonrpc\":\"2.0\",\"id\":@ID,\"result\":{\"protocolVersion\":\"%s\","
                    + "\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"x\",\"version\":\"1\"}}}";
    private static final String QUESTION =
            "{\"model\":\"odd\",\"messages\":[{\"role\":\"user\",\"content\":\"@@\"}],"
                    + "\"stop\":\"@@\"%s}";

    /** An operator's program that says everything it should not, and begins or ends. */
    private static final String PROFILE =
            """
            "%s":{"argv":["/bin/sh","-c","echo %s \\"$TOKEN\\" $1; echo %s \\"$TOKEN\\" $1 >&2; %s","sh","%s"%s],
             "cwd":"%s","env":{"TOKEN":"%s"}}\
            """;

    private final PlantedGateway gateway;
    private final AnyPeer peer = new AnyPeer();
    private final String key;

    PlantedMistakes(PlantedGateway gateway) {
        this.gateway = gateway;
        key = gateway.agent("user:eve");
    }

    /** A file of programs that end, and one that serves. */
    static Path profiles(Canaries canaries, Path folder) throws IOException {
        var serves =
                StdioServer.argv().stream()
                        .map(it -> ",\"" + it.replace("\"", "\\\"") + "\"")
                        .reduce("", String::concat);
        var text =
                String.join(
                        ",",
                        profile(canaries, folder, "ends", "exit 3", ""),
                        profile(canaries, folder, "leaves", "kill -9 $$", ""),
                        profile(canaries, folder, "serves", "shift; exec \\\"$@\\\"", serves));
        return Files.writeString(folder.resolve("profiles.json"), "{\"profiles\":{" + text + "}}");
    }

    private static String profile(
            Canaries canaries, Path folder, String name, String end, String arguments) {
        var said = canaries.plant(Kind.SAID);
        return PROFILE.formatted(
                name,
                said,
                said,
                end,
                canaries.plant(Kind.SECRET),
                arguments,
                folder,
                canaries.secret());
    }

    /** Everything that a server may answer instead of being one. */
    void registerWhatIsNoServer() {
        int number = 0;
        for (var status : List.of(400, 401, 403, 404, 405, 418, 500, 503)) {
            register(number++, (said, _) -> AnyPeer.answering(status, "text/plain", said));
        }
        for (var body :
                List.of(
                        "SAID",
                        "{\"jsonrpc\":\"2.0\",\"id\":@ID,\"error\":{\"code\":-32603,\"message\":\"SAID\"}}",
                        "{\"jsonrpc\":\"2.0\",\"id\":@ID,\"error\":{\"code\":-32603,\"message\":\"SAID\",\"data\":\"SAID\"}}",
                        GREETING.formatted("SAID"),
                        GREETING.formatted("2025-06-18"),
                        "{\"error\":\"SAID\"}")) {
            register(
                    number++,
                    (said, _) -> AnyPeer.answering(200, JSON, body.replace("SAID", said)));
        }
        register(number++, (said, _) -> AnyPeer.answering(200, "text/html", "<p>" + said));
        register(number++, (said, _) -> AnyPeer.breakingOff("{\"a\":\"" + said));
        register(
                number++,
                (said, secret) ->
                        AnyPeer.answering(307, "text/plain", said, "location", "/" + secret));
        register(
                number,
                (said, secret) ->
                        AnyPeer.answering(
                                401, "text/plain", said, "www-authenticate", "Bearer x=" + secret));
    }

    /** A peer that speaks first, and in clear, to whoever wants TLS. */
    void registerWhatSpeaksNoTls() throws IOException {
        var secret = gateway.canaries().secret();
        var greeting = "220 " + said(secret, secret) + "\r\n";
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var _ =
                    threads.submit(() -> {
                        try (var socket = listener.accept()) {
                            socket.getOutputStream().write(greeting.getBytes(UTF_8));
                            return socket.getInputStream().read();
                        }
                    });
            var port = listener.getLocalPort();
            gateway.show(
                    gateway.tenant()
                            .register("tls", URI.create("https://127.0.0.1:" + port + "/")));
        }
    }

    /** What comes of the peer's words and of its credential. */
    private interface Saying {
        Behaviour of(String said, String secret);
    }

    private void register(int number, Saying saying) {
        var canaries = gateway.canaries();
        var secret = canaries.secret();
        var place = canaries.plant(Kind.ADDRESS);
        peer.behave(saying.of(said(secret, place), secret));
        for (var scheme : List.of("http", "https")) {
            var body =
                    """
                    {"slug":"w%d","url":"%s","egress":{"allow":["127.0.0.1/32:%d"]},
                     "credential":{"type":"header","name":"X-Api-Key","secret":"%s"}}\
                    """;
            var url = peer.at("/" + place + "/mcp?key=" + place).toString();
            var port = peer.at("").getPort();
            gateway.show(
                    gateway.tenant()
                            .admin(
                                    Ask.post(
                                            "/admin/v1/servers",
                                            body.formatted(
                                                    number,
                                                    url.replace("http:", scheme + ":"),
                                                    port,
                                                    secret))));
        }
    }

    private String said(String secret, String place) {
        var canaries = gateway.canaries();
        return String.join(" ", canaries.plant(Kind.SAID), Canaries.quoting(secret), place);
    }

    /**
     * Everything that a provider may answer instead of a completion, which is passed on as it is.
     */
    void askOddProviders() {
        for (var status : List.of(400, 401, 403, 404, 413, 429, 500, 503)) {
            for (var body :
                    List.of("SAID", "{\"error\":{\"message\":\"SAID\",\"code\":\"SAID\"}}")) {
                ask((said, _) -> AnyPeer.answering(status, JSON, body.replace("SAID", said)));
            }
        }
        for (var body :
                List.of(
                        "<html>SAID",
                        "{\"error\":{\"message\":\"SAID\",\"type\":\"SAID\",\"param\":\"SAID\"}}",
                        "[{\"error\":\"SAID\"}]",
                        "SAID")) {
            ask((said, _) -> AnyPeer.answering(200, JSON, body.replace("SAID", said)));
        }
        for (var body :
                List.of(
                        "data: {\"error\":{\"message\":\"SAID\"}}\n\n",
                        "event: error\ndata: SAID\n\n",
                        ": SAID\n\n",
                        "data: {\"choices\":[{\"delta\":{\"content\":\"SAID")) {
            ask((said, _) -> AnyPeer.answering(200, EVENTS, body.replace("SAID", said)));
        }
        ask((said, _) -> AnyPeer.breakingOff("{\"choices\":[{\"message\":{\"content\":\"" + said));
        ask((said, secret) -> AnyPeer.answering(302, JSON, said, "location", "/" + secret));
    }

    /** With and without server tools, whole and in a stream. */
    private void ask(Saying saying) {
        for (var toolset : List.of("", ",\"toolset\":\"all\"")) {
            for (var stream : List.of("", ",\"stream\":true")) {
                var secret = gateway.canaries().secret();
                var place = gateway.canaries().plant(Kind.ADDRESS);
                var sent = gateway.canaries().plant(Kind.SENT);
                peer.behave(saying.of(said(secret, place) + " " + sent, secret));
                model(place, secret, toolset);
                var body = gateway.filled(QUESTION.formatted(stream));
                var asked = Ask.post("/v1/chat/completions", body).bearer(key);
                gateway.hear(gateway.tenant().http().send(asked));
            }
        }
    }

    private void model(String place, String secret, String toolset) {
        var body =
                """
                {"targets":[{"provider":"openai","base_url":"%s","model":"x","api_key":"%s",
                 "egress":{"allow":["127.0.0.1/32:%d"]}}]%s}\
                """
                        .formatted(
                                peer.at("/" + place + "/v1"),
                                secret,
                                peer.at("").getPort(),
                                toolset);
        gateway.show(gateway.tenant().admin(Ask.put("/admin/v1/models/odd", body)).ok());
    }

    /** Programs that say what they know on both of their streams. */
    void startPrograms() {
        for (var profile : List.of("ends", "leaves", "no-such")) {
            gateway.show(LaunchWorld.register(gateway.tenant(), "p-" + profile, profile));
        }
        LaunchWorld.serve(gateway.tenant(), "notes", "serves", "");
        var session = McpSession.open(gateway.tenant().http(), "/mcp/servers/notes", key);
        // its answer tells all that it knows, on purpose
        session.result("world", "{}");
        gateway.hear(session.call("world", gateway.filled("{\"@@\":[\"@@\"],\"text\":\"@@\"}")));
    }

    /** Requests that are refused before they mean anything, on each face. */
    void sendWhatIsNoRequest() {
        for (var path : List.of("/mcp", "/mcp/servers/@@", "/v1/chat/completions", "/v1/@@")) {
            for (var body :
                    List.of(
                            "{\"a\":\"@@",
                            "{\"@@\":1,\"@@\":2}",
                            "{\"a\":1,\"a\":\"@@\"}",
                            "[".repeat(200) + "\"@@\"" + "]".repeat(200),
                            "{\"@@\":\"@@\"}",
                            "{\"model\":\"@@\",\"messages\":\"@@\"}",
                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"@@\",\"params\":{\"@@\":1}}")) {
                send(Ask.post(gateway.filled(path), gateway.filled(body)).bearer(key));
            }
        }
        sendOddHeaders();
        knockWithWrongKeys();
        mistypeAdministration();
        sayWhatIsNoHttp();
    }

    private void sendOddHeaders() {
        for (var name :
                List.of(
                        "x-api-key",
                        "cookie",
                        "user-agent",
                        "x-forwarded-for",
                        "forwarded",
                        "mcp-session-id",
                        "mcp-protocol-version",
                        "mcp-name",
                        "last-event-id",
                        "origin",
                        "idempotency-key",
                        "x-sallyport-toolsets",
                        "x-sallyport-run",
                        "traceparent",
                        "content-encoding",
                        "accept")) {
            send(withHeader("/mcp?q=@@", name).bearer(key));
            send(withHeader("/v1/chat/completions?q=@@", name).bearer(key));
        }
    }

    private Ask withHeader(String path, String name) {
        return Ask.post(gateway.filled(path), gateway.filled("{\"@@\":\"@@\"}"))
                .with(name, gateway.canaries().plant(Kind.SENT));
    }

    private void send(Ask ask) {
        gateway.hear(gateway.tenant().http().send(ask));
    }

    private void knockWithWrongKeys() {
        for (var path : List.of("/mcp", "/v1/models", "/admin/v1/servers", "/@@")) {
            for (var shape : List.of("Bearer %s", "Bearer sp_0123456789abcdef_%s", "Basic %s")) {
                var wrong = shape.formatted(gateway.canaries().plant(Kind.SECRET));
                send(Ask.get(gateway.filled(path)).with("authorization", wrong));
            }
        }
    }

    /** TLS to a port that speaks none, and heads that are none. */
    private void sayWhatIsNoHttp() {
        for (var text :
                List.of(
                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003@@",
                        "@@ @@ @@\r\n\r\n",
                        "GET /@@ HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization : Bearer @@\r\n\r\n",
                        "GET /a|@@ HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer @@\r\n\r\n",
                        "GET /livez HTTP/1.1\r\nhost: @@.example\r\nconnection: close\r\ncookie: @@\r\n\r\n",
                        "POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer @@\r\n"
                                + "transfer-encoding: chunked\r\n\r\n@@\r\n@@")) {
            var url = gateway.tenant().http().url();
            try (var connection = RawConnection.to(url)) {
                connection.send(gateway.filled(text + (text.endsWith("\r\n") ? "" : "\r\n\r\n")));
                connection.rest();
            }
        }
    }

    private void mistypeAdministration() {
        for (var path : List.of("servers", "models/m", "keys", "toolsets/t", "tenants")) {
            for (var body :
                    List.of(
                            "{\"credential\":{\"type\":\"bearer\",\"secret\":\"%1$s\"}",
                            "{\"%1$s\":\"%1$s\"}",
                            "{\"slug\":\"%1$s\",\"url\":\"https://%1$s@x.example/\"}",
                            "{\"owner\":\"%1$s\",\"kind\":\"%1$s\"}",
                            "{\"targets\":[{\"provider\":\"openai\",\"base_url\":\"nowhere\",\"api_key\":\"%1$s\"}]}")) {
                var wrong = body.formatted(gateway.canaries().plant(Kind.SENT));
                for (var method : List.of("POST", "PUT")) {
                    gateway.tenant().admin(Ask.of(method, "/admin/v1/" + path).json(wrong));
                }
            }
        }
        gateway.tenant()
                .admin(
                        Ask.put(
                                "/admin/v1/policies/current",
                                gateway.filled("{\"rules\":[{\"id\":\"@@\",\"effect\":\"@@\"}]}")));
    }

    @Override
    public void close() {
        peer.close();
    }
}
