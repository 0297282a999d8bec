package io.sallyport.mcp;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.error.Reason;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The lists of an endpoint, from the approved catalogue and never from an upstream. */
final class Lists {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What anybody may see is not known: an empty list would be a lie. */
    private static final RpcFault UNDECIDED =
            RpcFault.of(503, RpcFault.INTERNAL_ERROR, Reason.POLICY_UNAVAILABLE.code());

    private final Governance governance;
    private final Cursors cursors;
    private final Clock clock;

    Lists(Governance governance, Cursors cursors, Clock clock) {
        this.governance = governance;
        this.cursors = cursors;
        this.clock = clock;
    }

    /** What is listed apart from the others, and told of when it changes. */
    enum Topic {
        TOOLS("tools"),
        RESOURCES("resources"),
        PROMPTS("prompts");

        private final String code;

        Topic(String code) {
            this.code = code;
        }

        String code() {
            return code;
        }

        /** The notification of 2025 and 2026 alike. */
        String changed() {
            return "notifications/" + code + "/list_changed";
        }
    }

    TenantView view(McpRequestContext context) {
        return governance.view(context.caller().principal().tenant());
    }

    /** The caller's key as it is now; empty once it was revoked or has expired. */
    Optional<ApiKey> key(McpRequestContext context) {
        var principal = context.caller().principal();
        return key(principal.tenant(), principal.credential());
    }

    private Optional<ApiKey> key(TenantId tenant, String credential) {
        return governance.view(tenant).key(credential).filter(it -> it.usableAt(clock.instant()));
    }

    boolean isUsable(TenantId tenant, String credential) {
        return key(tenant, credential).isPresent();
    }

    /** What a list method answers; empty if it is none, or the endpoint has no such list. */
    Optional<Reply> answer(RpcMessage.Request request, McpRequestContext context) {
        if (!view(context).policy().isReadable()) {
            return Optional.of(Reply.failed(UNDECIDED));
        }
        return switch (request.method()) {
            case "tools/list" -> Optional.of(tools(request, context));
            case "resources/list" -> entries(request, context, EntryKind.RESOURCE, "resources");
            case "resources/templates/list" ->
                    entries(request, context, EntryKind.TEMPLATE, "resourceTemplates");
            case "prompts/list" -> entries(request, context, EntryKind.PROMPT, "prompts");
            default -> Optional.empty();
        };
    }

    private Reply tools(RpcMessage.Request request, McpRequestContext context) {
        var endpoint = context.endpoint();
        Function<CatalogTool, JsonNode> offered =
                ModernRules.apply(request, context.headers())
                        ? it -> it.listed().offered()
                        : CatalogTool::offeredInSessions;
        var listed =
                new Listed<CatalogTool>(
                        "tools",
                        it -> it.listed().alias(),
                        it -> descriptor(endpoint.nameOf(it), offered.apply(it)));
        return page(
                request,
                context,
                endpoint.tools(view(context), context.caller().principal()),
                listed);
    }

    private Optional<Reply> entries(
            RpcMessage.Request request, McpRequestContext context, EntryKind kind, String member) {
        var listed =
                new Listed<CatalogEntry>(member, it -> it.ref().key(), it -> it.listed().offered());
        return offers(context, topic(kind))
                ? Optional.of(page(request, context, entries(context, kind), listed))
                : Optional.empty();
    }

    private static Topic topic(EntryKind kind) {
        return switch (kind) {
            case RESOURCE, TEMPLATE -> Topic.RESOURCES;
            case PROMPT -> Topic.PROMPTS;
        };
    }

    private List<CatalogEntry> entries(McpRequestContext context, EntryKind kind) {
        var principal = context.caller().principal();
        return context.endpoint()
                .server()
                .map(it -> List.copyOf(view(context).visibleEntries(principal, it, kind)))
                .orElse(List.of());
    }

    /** How one kind of list is written. */
    private record Listed<T>(String member, Function<T, String> key, Function<T, JsonNode> tree) {}

    private <T> Reply page(
            RpcMessage.Request request, McpRequestContext context, List<T> all, Listed<T> listed) {
        var binding = Cursors.binding(context, request.method());
        var page = cursors.page(all, listed.key(), request.params().path("cursor"), binding);
        if (page.isEmpty()) {
            return Reply.failed(RpcFault.invalidParams("Invalid cursor"));
        }
        var result = JSON.objectNode();
        var items = result.putArray(listed.member());
        page.get().items().forEach(it -> items.add(listed.tree().apply(it)));
        page.get().next().ifPresent(it -> result.put("nextCursor", it));
        return Reply.done(result);
    }

    /** What is offered of the upstream's own descriptor; only the name may be ours. */
    private static JsonNode descriptor(String name, JsonNode offered) {
        var descriptor = JSON.objectNode();
        offered.properties().forEach(it -> descriptor.set(it.getKey(), it.getValue()));
        return descriptor.put("name", name);
    }

    /**
     * Whether an endpoint has this list for the caller. Tools always; the others if the server has
     * them and the caller may use at least one.
     */
    boolean offers(McpRequestContext context, Topic topic) {
        return switch (topic) {
            case TOOLS -> true;
            case RESOURCES ->
                    !entries(context, EntryKind.RESOURCE).isEmpty()
                            || !entries(context, EntryKind.TEMPLATE).isEmpty();
            case PROMPTS -> !entries(context, EntryKind.PROMPT).isEmpty();
        };
    }

    /** The tool that the caller may use under this name. */
    Optional<CatalogTool> tool(McpRequestContext context, String name) {
        var view = view(context);
        var principal = context.caller().principal();
        return context.endpoint()
                .offer(view, principal)
                .resolve(name, view)
                .map(view.visibleTo(principal)::get);
    }

    /**
     * Whether clients may know an outputSchema of the tool of this name, whoever may use it now:
     * the one that is listed, or the one that they were shown before. What is not known here may
     * have had one.
     */
    boolean mayHaveOutputSchema(McpRequestContext context, String name) {
        var view = view(context);
        return context.endpoint()
                .offer(view, context.caller().principal())
                .resolve(name, view)
                .flatMap(view::tool)
                .map(it ->
                        hasOutputSchema(it.listed())
                                || it.pinned().filter(Lists::hasOutputSchema).isPresent())
                .orElse(true);
    }

    private static boolean hasOutputSchema(ToolDescriptor descriptor) {
        return !descriptor.outputSchema().isMissingNode();
    }

    /** Whether the caller may read the resource here and now. */
    boolean mayRead(McpRequestContext context, String uri) {
        return key(context).isPresent() && isReadable(context, uri);
    }

    private boolean isReadable(McpRequestContext context, String uri) {
        return context.endpoint()
                .server()
                .flatMap(it -> view(context).resource(context.caller().principal(), it, uri))
                .isPresent();
    }

    /** Differs when the list that the caller would get differs. */
    String fingerprint(McpRequestContext context, Topic topic) {
        return switch (topic) {
            case TOOLS ->
                    String.valueOf(
                            context
                                    .endpoint()
                                    .tools(view(context), context.caller().principal())
                                    .stream()
                                    .map(it -> it.listed().alias() + it.listed().digest())
                                    .toList());
            case RESOURCES ->
                    digests(context, EntryKind.RESOURCE) + digests(context, EntryKind.TEMPLATE);
            case PROMPTS -> digests(context, EntryKind.PROMPT);
        };
    }

    private String digests(McpRequestContext context, EntryKind kind) {
        return String.valueOf(
                entries(context, kind).stream().map(it -> it.listed().digest()).toList());
    }

    /** What can be used here by this caller, as both eras say it. */
    ObjectNode capabilities(McpRequestContext context) {
        var capabilities = JSON.objectNode();
        var server = context.endpoint().server().flatMap(view(context)::server);
        var claimed = server.flatMap(it -> it.profile()).map(it -> it.capabilities());
        if (context.endpoint().server().isEmpty()
                || claimed.filter(it -> it.has("logging")).isPresent()) {
            capabilities.putObject("logging");
        }
        for (var topic : Topic.values()) {
            if (offers(context, topic)) {
                capabilities.putObject(topic.code()).put("listChanged", true);
            }
        }
        claimed.ifPresent(it -> addClaimed(it, capabilities));
        return capabilities;
    }

    private static void addClaimed(JsonNode claimed, ObjectNode capabilities) {
        if (capabilities.get("resources") instanceof ObjectNode resources
                && claimed.path("resources").path("subscribe").asBoolean(false)) {
            resources.put("subscribe", true);
        }
        if (claimed.has("completions")
                && (capabilities.has("resources") || capabilities.has("prompts"))) {
            capabilities.putObject("completions");
        }
    }

    /** The reviewed instructions of the one server on its own URL. */
    Optional<String> instructions(McpRequestContext context) {
        return context.endpoint()
                .server()
                .flatMap(view(context)::server)
                .flatMap(it -> it.instructions());
    }
}
