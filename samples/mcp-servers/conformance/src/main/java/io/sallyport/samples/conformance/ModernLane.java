package io.sallyport.samples.conformance;

import io.sallyport.samples.conformance.Changes.Change;
import io.sallyport.samples.wire.Exchange;
import io.sallyport.samples.wire.Rpc;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** 2026-07-28: no sessions; what a request needs from its client comes with its next turn. */
final class ModernLane {

    private static final String REVISION = "2026-07-28";
    private static final int MISSING_CAPABILITY = -32021;
    private static final int UNSUPPORTED_VERSION = -32022;
    private static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

    private static final Set<String> CACHEABLE =
            Set.of(
                    "server/discover",
                    "tools/list",
                    "prompts/list",
                    "resources/list",
                    "resources/templates/list",
                    "resources/read");

    /** The member of a subscription that asks for a notification. */
    private static final Map<String, String> ASKED_BY =
            Map.of(
                    "notifications/tools/list_changed", "toolsListChanged",
                    "notifications/prompts/list_changed", "promptsListChanged",
                    "notifications/resources/list_changed", "resourcesListChanged");

    private final Surface surface;
    private final Changes changes;
    private final HeaderRules headers;

    ModernLane(Surface surface, Changes changes) {
        this.surface = surface;
        this.changes = changes;
        this.headers = new HeaderRules(surface.listedTools());
    }

    void post(Exchange exchange, JsonNode message) throws IOException, InterruptedException {
        var request = new ModernRequest(exchange, message);
        if (request.isNotification()) {
            exchange.answer(202);
            return;
        }
        var refusal = refusal(request);
        if (refusal.isPresent()) {
            refuse(request, refusal.get());
        } else {
            serve(request);
        }
    }

    private void serve(ModernRequest request) throws IOException, InterruptedException {
        switch (request.method()) {
            case "server/discover" -> request.exchange().answer(200, result(request, discovery()));
            case "subscriptions/listen" -> listen(request);
            case String method when Surface.METHODS.contains(method) -> answer(request);
            default -> refuse(request, Refusal.of(404, Rpc.UNKNOWN_METHOD, "Unknown method"));
        }
    }

    private Optional<Refusal> refusal(ModernRequest request) {
        if (!request.meta().has(ModernRequest.VERSION)
                || !request.meta().path(ModernRequest.CAPABILITIES).isObject()) {
            return Optional.of(Refusal.invalid("_meta must name a version and capabilities."));
        }
        var version = request.exchange().header("MCP-Protocol-Version").orElse("");
        if (!version.equals(request.version())) {
            return Optional.of(HeaderRules.mismatch("MCP-Protocol-Version"));
        }
        if (!version.equals(REVISION)) {
            return Optional.of(unsupported(version));
        }
        return headers.broken(request).or(() -> malformedAnswers(request.params()));
    }

    private static Refusal unsupported(String version) {
        var versions = Rpc.object().put("requested", version);
        versions.putArray("supported").add(REVISION);
        return new Refusal(
                400, UNSUPPORTED_VERSION, "Unsupported protocol version", Optional.of(versions));
    }

    private static Optional<Refusal> malformedAnswers(JsonNode params) {
        return params.optional("inputResponses")
                .filter(answers -> !isMapOfObjects(answers))
                .map(answers -> Refusal.invalid("inputResponses must be objects by key."));
    }

    private static boolean isMapOfObjects(JsonNode answers) {
        return answers.isObject() && answers.valueStream().allMatch(JsonNode::isObject);
    }

    private void answer(ModernRequest request) throws IOException, InterruptedException {
        var reply = new Reply(request.exchange());
        switch (surface.answer(request.method(), turn(request, reply))) {
            case Outcome.Done(ObjectNode result) -> reply.finish(200, result(request, result));
            case Outcome.Asks questions -> ask(request, reply, questions);
            case Outcome.Lacks(String capability) -> lack(request, reply, capability);
            case Outcome.Unknown(String uri) -> reply.finish(200, unknown(request, uri));
            case Outcome.Invalid(String reason) ->
                    reply.finish(200, Rpc.error(request.id(), Rpc.INVALID_PARAMS, reason));
        }
    }

    private static Turn turn(ModernRequest request, Reply reply) {
        var params = request.params();
        return new Turn(
                params,
                request.meta().path(ModernRequest.CAPABILITIES),
                params.path("inputResponses"),
                params.optional("requestState").map(JsonNode::asString),
                new ModernNotices(request.meta(), reply));
    }

    private static ObjectNode discovery() {
        var discovery = Rpc.object();
        discovery.putArray("supportedVersions").add(REVISION);
        return discovery.set("capabilities", Surface.capabilities());
    }

    private static ObjectNode result(ModernRequest request, ObjectNode result) {
        result.put("resultType", "complete");
        if (CACHEABLE.contains(request.method())) {
            result.put("ttlMs", 0).put("cacheScope", "public");
        }
        return Rpc.result(request.id(), signed(result));
    }

    private static ObjectNode signed(ObjectNode result) {
        result.withObject("_meta").set("io.modelcontextprotocol/serverInfo", Surface.self());
        return result;
    }

    private static void ask(ModernRequest request, Reply reply, Outcome.Asks questions)
            throws IOException {
        var lacking =
                Capability.lacking(
                        questions.requests(), request.meta().path(ModernRequest.CAPABILITIES));
        if (lacking.isPresent()) {
            lack(request, reply, lacking.get());
            return;
        }
        var result = Rpc.object().put("resultType", "input_required");
        result.set("inputRequests", questions.requests());
        questions.state().ifPresent(state -> result.put("requestState", state));
        reply.finish(200, Rpc.result(request.id(), signed(result)));
    }

    private static void lack(ModernRequest request, Reply reply, String capability)
            throws IOException {
        var required = Rpc.object();
        required.putObject("requiredCapabilities").putObject(capability);
        var text = "The client did not declare " + capability + ".";
        reply.finish(400, Rpc.error(request.id(), MISSING_CAPABILITY, text, required));
    }

    private static ObjectNode unknown(ModernRequest request, String uri) {
        var where = Rpc.object().put("uri", uri);
        return Rpc.error(request.id(), Rpc.INVALID_PARAMS, "Resource not found", where);
    }

    private static void refuse(ModernRequest request, Refusal refusal) throws IOException {
        request.exchange().answer(refusal.status(), refusal.response(request.id()));
    }

    private void listen(ModernRequest request) throws IOException, InterruptedException {
        var asked = request.params().path("notifications");
        try (var watch = changes.watch();
                var stream = request.exchange().stream()) {
            var granted = Rpc.object().set("notifications", asked);
            var acknowledged = "notifications/subscriptions/acknowledged";
            stream.send(tagged(request.id(), acknowledged, granted));
            watch.pump(stream, change -> wanted(request.id(), asked, change));
        }
    }

    private static Optional<JsonNode> wanted(JsonNode id, JsonNode asked, Change change) {
        return isAsked(asked, change)
                ? Optional.of(tagged(id, change.method(), params(change)))
                : Optional.empty();
    }

    private static boolean isAsked(JsonNode asked, Change change) {
        return change.uri()
                .map(uri -> asked.path("resourceSubscriptions").valueStream().anyMatch(is(uri)))
                .orElseGet(() ->
                        asked.path(ASKED_BY.getOrDefault(change.method(), "")).asBoolean(false));
    }

    private static Predicate<JsonNode> is(String uri) {
        return asked -> asked.asString("").equals(uri);
    }

    private static ObjectNode params(Change change) {
        var params = Rpc.object();
        change.uri().ifPresent(uri -> params.put("uri", uri));
        return params;
    }

    private static ObjectNode tagged(JsonNode id, String method, ObjectNode params) {
        params.withObject("_meta").set(SUBSCRIPTION, id);
        return Rpc.notification(method, params);
    }
}
