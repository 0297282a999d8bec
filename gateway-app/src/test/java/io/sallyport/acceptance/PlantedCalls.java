package io.sallyport.acceptance;

import io.sallyport.acceptance.Canaries.Kind;
import io.sallyport.acceptance.ScriptedUpstream.Behaviour;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Calls of all faces and eras, in whose arguments, answers and errors every word is a canary. */
final class PlantedCalls implements AutoCloseable {
    private static final String ARGUMENTS =
            "{\"text\":\"@@\",\"tags\":[\"@@\",\"a @@\"],\"deep\":{\"@@\":\"@@\"}}";
    private static final String INPUT =
            """
            "inputSchema":{"type":"object","properties":{"text":{"type":"string"},
             "tags":{"type":"array","items":{"type":"string"}},
             "deep":{"type":"object","additionalProperties":{"type":"string"}}}}\
            """;
    private static final String QUESTION =
            """
            {"model":"m","user":"@@","metadata":{"note":"@@"}%s,"messages":[
             {"role":"system","content":"@@"},{"role":"user","content":[{"type":"text","text":"@@"}]}]}\
            """;
    private static final String RESULT = "{\"jsonrpc\":\"2.0\",\"id\":@ID,\"result\":";
    private static final String ERROR = "{\"jsonrpc\":\"2.0\",\"id\":@ID,\"error\":";

    /**
     * One way to answer a call. {@code SAID} in its body stands for the words of an error, which
     * quote the server's credential, its URL and the call.
     */
    private record Fault(String name, int status, String type, String body) {
        static Fault json(String name, String body) {
            return new Fault(name, 200, "application/json", body);
        }

        static Fault status(int status) {
            return new Fault("s" + status, status, "text/plain", "SAID");
        }
    }

    private static final List<Fault> FAULTS =
            List.of(
                    Fault.status(400),
                    Fault.status(401),
                    Fault.status(403),
                    Fault.status(404),
                    Fault.status(429),
                    Fault.status(500),
                    Fault.status(503),
                    new Fault("redirect", 302, "text/plain", "SAID"),
                    new Fault("page", 200, "text/html", "<p>SAID"),
                    new Fault("gzip", 200, "application/json", "SAID"),
                    Fault.json("cut", RESULT + "{\"content\":[{\"type\":\"text\",\"text\":\"SAID"),
                    Fault.json("bare", "{\"content\":[{\"type\":\"text\",\"text\":\"SAID\"}]}"),
                    Fault.json("list", RESULT + "[\"SAID\"]}"),
                    Fault.json("nothing", "SAID"),
                    Fault.json("large", RESULT + "{\"a\":\"@@ " + "x".repeat(5 << 20) + "\"}}"),
                    Fault.json(
                            "rpc",
                            ERROR
                                    + "{\"code\":-32603,\"message\":\"SAID\",\"data\":{\"d\":\"SAID\"}}}"),
                    Fault.json(
                            "open",
                            ERROR
                                    + "{\"code\":-32042,\"message\":\"SAID\",\"data\":{\"elicitations\":["
                                    + "{\"mode\":\"url\",\"url\":\"https://x.example/?k=PLACE\"}]}}}"),
                    Fault.json(
                            "fails",
                            RESULT
                                    + "{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"@@\"}]}}"),
                    Fault.json(
                            "fine",
                            RESULT
                                    + "{\"content\":[{\"type\":\"text\",\"text\":\"@@\"}],"
                                    + "\"structuredContent\":{\"@@\":\"@@\"},\"_meta\":{\"x\":\"@@\"}}}"),
                    Fault.json("schema", RESULT + "{\"content\":[],\"structuredContent\":\"@@\"}}"),
                    Fault.json("half", RESULT + "{\"content\":[{\"text\":\"@@\\ud83d\"}]}}"),
                    new Fault(
                            "stream",
                            200,
                            "text/event-stream",
                            "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\","
                                    + "\"params\":{\"level\":\"error\",\"data\":\"@@\"}}\n\n"
                                    + "data: {\"jsonrpc\":\"2.0\",\"id\":null,\"error\":"
                                    + "{\"code\":-32000,\"message\":\"SAID\"}}\n\n"
                                    + "event: ping\ndata: SAID\n\n"));

    private final PlantedGateway gateway;
    private final String secret;
    private final String place;
    private final boolean modern;
    private final ScriptedUpstream upstream;
    private final String key;

    PlantedCalls(PlantedGateway gateway, boolean modern) {
        this.gateway = gateway;
        this.modern = modern;
        secret = gateway.canaries().secret();
        place = gateway.canaries().plant(Kind.ADDRESS);
        key = gateway.agent(modern ? "user:ada" : "user:bob");
        upstream =
                ScriptedUpstream.listing()
                        .tools(
                                "{\"name\":\"echo\"," + INPUT + "}",
                                "{\"name\":\"ask\"," + INPUT + "}",
                                "{\"name\":\"never\"," + INPUT + "}",
                                "{\"name\":\"strict\","
                                        + INPUT
                                        + ",\"outputSchema\":{\"type\":\"object\"}}")
                        .resources("{\"uri\":\"notes://all\",\"name\":\"all\"}")
                        .templates("{\"uriTemplate\":\"notes://{id}\",\"name\":\"one\"}")
                        .prompts(
                                "{\"name\":\"sum\",\"arguments\":[{\"name\":\"topic\",\"required\":true}]}");
        if (modern) {
            upstream.modern();
        }
    }

    /** Registers this server under a name; what it is told is its credential, and its URL. */
    private void serve(String slug) {
        var url = upstream.endpoint();
        var registered =
                gateway.tenant()
                        .admin(
                                Ask.post(
                                        "/admin/v1/servers",
                                        """
                                        {"slug":"%s","url":"%s?site=%s","egress":{"allow":["127.0.0.1/32:%d"]},
                                         "credential":{"type":"bearer","secret":"%s"}}\
                                        """
                                                .formatted(
                                                        slug, url, place, url.getPort(), secret)))
                        .ok();
        var approval =
                Ask.post(
                                "/admin/v1/servers/" + slug + "/approve",
                                "{\"all\":true,\"risk\":\"read\"}")
                        .with("if-match", registered.header("etag"));
        gateway.show(gateway.tenant().admin(approval).ok());
    }

    private String slug(String name) {
        return name + (modern ? "-m" : "-l");
    }

    void callThroughEveryFault() throws IOException {
        for (var fault : FAULTS) {
            var slug = slug(fault.name());
            serve(slug);
            var tool = fault.name().equals("schema") ? "strict" : "echo";
            upstream.onCall(behaviour(fault));
            legacy(slug, tool, ARGUMENTS);
            upstream.onCall(behaviour(fault));
            modern(slug, tool, ARGUMENTS);
            upstream.onCall(behaviour(fault));
            chat(slug, tool, modern ? ",\"stream\":true" : "", "");
        }
    }

    private Behaviour behaviour(Fault fault) {
        var said =
                String.join(
                        " ",
                        gateway.canaries().plant(Kind.SAID),
                        Canaries.quoting(secret),
                        place,
                        gateway.canaries().plant(Kind.SENT));
        var body = gateway.filled(fault.body().replace("SAID", said).replace("PLACE", place));
        return switch (fault.name()) {
            case "redirect" ->
                    AnyPeer.answering(302, fault.type(), body, "location", "/" + place + secret);
            case "gzip" -> AnyPeer.answering(200, fault.type(), body, "content-encoding", "gzip");
            case "cut" -> AnyPeer.breakingOff(body);
            default -> AnyPeer.answering(fault.status(), fault.type(), body);
        };
    }

    private Reply legacy(String slug, String tool, String arguments) {
        var session = McpSession.open(gateway.tenant().http(), "/mcp/servers/" + slug, key);
        return gateway.hear(session.call(tool, gateway.filled(arguments)));
    }

    private void modern(String slug, String tool, String arguments) {
        var client = new ModernClient(gateway.tenant().http(), "/mcp/servers/" + slug, key);
        gateway.hear(client.call(tool, gateway.filled(arguments)));
    }

    private void chat(String slug, String tool, String more, String limits) throws IOException {
        var script =
                Script.of(
                        Round.calls(slug + "__" + tool, gateway.filled(ARGUMENTS)),
                        Round.says("{{results}} " + gateway.filled("@@")));
        try (var model = ScriptedModel.start(0, script)) {
            var tenant = gateway.tenant();
            tenant.toolset("all", slug + "/*");
            tenant.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"" + limits);
            var body = gateway.filled(QUESTION.formatted(more));
            gateway.hear(new Chat(tenant.http(), key).send(body));
        }
    }

    /** What the gate refuses, and what is no tool. */
    void callInEveryOtherWay() throws IOException {
        var slug = slug("base");
        serve(slug);
        upstream.onCall(upstream.holds());
        chat(slug, "echo", "", ",\"limits\":{\"call_timeout_seconds\":1}");
        upstream.onCall(ScriptedUpstream.says(gateway.filled("@@")));
        for (var tool : List.of("never", "no-such-tool", "echo")) {
            legacy(slug, tool, "{\"text\":7,\"@@\":\"@@\",\"tags\":\"@@\"}");
            modern(slug, tool, "{\"text\":[\"@@\"],\"deep\":{\"@@\":1}}");
        }
        chat(slug, "never", "", "");
        chat(slug, "ask", "", "");
        decide(slug, "approve");
        decide(slug, "deny");
        content(slug);
        upstream.edit(
                it -> it.replace("\"type\":\"array\"", "\"type\": \"array\",\"title\":\"t\""));
        gateway.show(
                gateway.tenant().admin(Ask.post("/admin/v1/servers/" + slug + "/refresh", "")));
        legacy(slug, "echo", ARGUMENTS);
    }

    private void decide(String slug, String decision) {
        var arguments = gateway.filled(ARGUMENTS);
        var asked = legacy(slug, "ask", arguments);
        var id = asked.json().at("/result/_meta/io.sallyport~1refusal/approvalId").asString();
        var reason = gateway.canaries().plant(Kind.REASON);
        var body = "{\"decision\":\"%s\",\"reason\":\"%s\"}".formatted(decision, reason);
        gateway.tenant().admin(Ask.post("/admin/v1/approvals/" + id + "/decision", body)).ok();
        legacy(slug, "ask", arguments);
    }

    private void content(String slug) {
        var session = McpSession.open(gateway.tenant().http(), "/mcp/servers/" + slug, key);
        upstream.onCall(
                ScriptedUpstream.answers(
                        gateway.filled(
                                "{\"contents\":[{\"uri\":\"notes://all\",\"text\":\"@@\"}]}")));
        for (var params :
                List.of(
                        "resources/read\",\"params\":{\"uri\":\"notes://all\"}}",
                        "resources/read\",\"params\":{\"uri\":\"notes://@@\"}}",
                        "resources/read\",\"params\":{\"uri\":\"elsewhere://@@\"}}",
                        "resources/subscribe\",\"params\":{\"uri\":\"elsewhere://@@\"}}",
                        "prompts/get\",\"params\":{\"name\":\"sum\",\"arguments\":{\"topic\":\"@@\"}}}",
                        "prompts/get\",\"params\":{\"name\":\"sum\",\"arguments\":{\"@@\":\"@@\"}}}",
                        "completion/complete\",\"params\":{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"sum\"},"
                                + "\"argument\":{\"name\":\"topic\",\"value\":\"@@\"}}}",
                        "tools/list\",\"params\":{\"cursor\":\"@@\"}}",
                        "logging/setLevel\",\"params\":{\"level\":\"@@\"}}",
                        "no/such\",\"params\":{\"x\":\"@@\"}}")) {
            var body = "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"" + gateway.filled(params);
            gateway.hear(gateway.tenant().http().send(session.ask(body)));
        }
    }

    /** That the words reached somebody, so that finding none of them elsewhere means something. */
    boolean wasHeard() {
        return upstream.calls().stream()
                .map(Reply::parse)
                .map(it -> it.at("/params/arguments/text"))
                .anyMatch(JsonNode::isString);
    }

    @Override
    public void close() {
        upstream.close();
    }
}
