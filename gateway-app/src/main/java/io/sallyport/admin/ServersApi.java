package io.sallyport.admin;

import io.sallyport.bridge.Destination;
import io.sallyport.bridge.EgressUrl;
import io.sallyport.catalog.ApprovalTerms;
import io.sallyport.catalog.Approving;
import io.sallyport.catalog.CanonicalJson;
import io.sallyport.catalog.CatalogApproval;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.Era;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.error.Reason;
import io.sallyport.gate.TenantView;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.servers.Credential;
import io.sallyport.servers.ServerRegistry;
import io.sallyport.servers.ServerStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** {@code /admin/v1/servers}: register, review, approve, refresh, remove. */
final class ServersApi {
    private static final Set<String> STDIO = Set.of("transport", "command", "args", "env", "cwd");

    /** One sentence for refused and unreachable, so that nobody can map a network with it. */
    private static final String EGRESS_SENTENCE =
            "The server cannot be reached, or must not be; a platform admin may permit a private"
                    + " address in egress.allow.";

    private final ServerRegistry registry;
    private final ServerStore store;

    ServersApi(ServerRegistry registry, ServerStore store) {
        this.registry = registry;
        this.store = store;
    }

    AdminAnswer register(AdminRequest request) throws InterruptedException {
        var body = registration(request.body());
        var credential =
                body.object("credential", "type", "name", "secret").map(ServersApi::credential);
        var server = server(request, body, credential);
        return switch (registry.register(server, credential, request.caller())) {
            case ServerRegistry.Outcome.Listed(var listed, var tools) ->
                    AdminAnswer.created(ServerJson.of(listed, tools)).tagged(etag(tools));
            case ServerRegistry.Outcome.SlugTaken() ->
                    throw new Refusal(409, Reason.ALREADY_EXISTS, "The slug is taken.");
            case ServerRegistry.Outcome.Unreachable() -> throw egressDenied();
        };
    }

    private static Refusal egressDenied() {
        return new Refusal(422, Reason.EGRESS_DENIED, EGRESS_SENTENCE);
    }

    /** A request to run a program is told apart from a typing mistake, and always refused. */
    private static Body registration(byte[] bytes) {
        var members =
                new ArrayList<>(List.of("slug", "url", "era", "credential", "labels", "egress"));
        members.addAll(STDIO);
        var body = Body.read(bytes, members.toArray(String[]::new));
        if (STDIO.stream().anyMatch(body::has)) {
            throw new Refusal(
                    422, Reason.STDIO_DISABLED, "Servers that are started as programs are off.");
        }
        return body;
    }

    private static Credential credential(Body body) {
        return switch (body.text("type")) {
            case "bearer" -> new Credential.Bearer(secret(body));
            case "header" -> new Credential.NamedHeader(headerName(body), secret(body));
            default ->
                    throw Refusal.invalid(
                            "credential.type must be bearer or header in this version.");
        };
    }

    private static String secret(Body body) {
        var secret = body.text("secret");
        if (!secret.matches("[\\x21-\\x7e]([\\x20-\\x7e]{0,8190}[\\x21-\\x7e])?")) {
            throw Refusal.invalid("credential.secret must be visible ASCII.");
        }
        return secret;
    }

    private static String headerName(Body body) {
        var name = body.text("name");
        if (!name.matches("[A-Za-z0-9-]{1,64}")) {
            throw Refusal.invalid("credential.name must be a header name.");
        }
        return name;
    }

    private static McpServer server(
            AdminRequest request, Body body, Optional<Credential> credential) {
        var slug = body.text("slug");
        if (!ServerSlug.isValid(slug) || slug.contains("__")) {
            throw new Refusal(
                    422, Reason.INVALID_REQUEST, "slug must be 1 to 32 of a-z, 0-9 and -.");
        }
        return new McpServer(
                request.tenant(),
                new ServerSlug(slug),
                url(body.text("url")),
                era(body),
                ServerStatus.PENDING,
                labels(body),
                egress(request, body),
                credential.map(_ -> "cred_" + UUID.randomUUID()).orElse(""));
    }

    private static String url(String url) {
        if (!(EgressUrl.read(url) instanceof EgressUrl.Reading.Accepted)) {
            throw new Refusal(422, Reason.EGRESS_DENIED, EGRESS_SENTENCE);
        }
        return url;
    }

    private static Era era(Body body) {
        var code = body.optionalText("era").orElse("auto");
        for (var era : Era.values()) {
            if (era.code().equals(code)) {
                return era;
            }
        }
        throw Refusal.invalid("era must be auto, modern or legacy.");
    }

    private static Set<String> labels(Body body) {
        var labels = body.names("labels");
        if (labels.size() > 32 || !labels.stream().allMatch(it -> it.matches("[a-z0-9-]{1,64}"))) {
            throw Refusal.invalid("labels must be at most 32 words of a-z, 0-9 and -.");
        }
        return labels;
    }

    /** Exceptions from the address rules are the platform's to give. */
    private static List<String> egress(AdminRequest request, Body body) {
        var allow = body.object("egress", "allow").map(it -> it.texts("allow")).orElse(List.of());
        if (!allow.isEmpty() && !request.hasRole("platform-admin")) {
            throw Refusal.forbidden();
        }
        if (!allow.stream().allMatch(Destination::isException)) {
            throw Refusal.invalid("egress.allow must hold entries like 127.0.0.1/32:9102.");
        }
        return allow;
    }

    AdminAnswer list(AdminRequest request) {
        var items =
                request.view().servers().stream()
                        .sorted(java.util.Comparator.comparing(McpServer::slug))
                        .map(it -> ServerJson.of(it, tools(request.view(), it)))
                        .toList();
        return AdminAnswer.list(items, Optional.empty());
    }

    AdminAnswer show(AdminRequest request) {
        return shown(request.view(), known(request));
    }

    private static AdminAnswer shown(TenantView view, McpServer server) {
        var tools = tools(view, server);
        return AdminAnswer.ok(ServerJson.of(server, tools)).tagged(etag(tools));
    }

    static McpServer known(AdminRequest request) {
        var slug = request.path("slug");
        if (!ServerSlug.isValid(slug)) {
            throw Refusal.notFound();
        }
        return request.view().server(new ServerSlug(slug)).orElseThrow(Refusal::notFound);
    }

    private static List<CatalogTool> tools(TenantView view, McpServer server) {
        return view.tools().stream().filter(it -> it.ref().server().equals(server.slug())).toList();
    }

    /** Digest of the whole list, so that an approval of everything names what it approves. */
    private static String etag(List<CatalogTool> tools) {
        var list = AdminAnswer.JSON.arrayNode();
        tools.stream().map(it -> it.listed().digest()).sorted().forEach(list::add);
        return CanonicalJson.sha256(CanonicalJson.write(list));
    }

    AdminAnswer change(AdminRequest request) {
        var server = known(request);
        var body = Body.read(request.body(), "labels", "status", "egress");
        var wasApproved =
                tools(request.view(), server).stream().anyMatch(it -> it.pinned().isPresent());
        var changed =
                new McpServer(
                        server.tenant(),
                        server.slug(),
                        server.url(),
                        server.era(),
                        body.optionalText("status")
                                .map(it -> status(wasApproved, it))
                                .orElse(server.status()),
                        body.has("labels") ? labels(body) : server.labels(),
                        body.has("egress") ? egress(request, body) : server.egressAllow(),
                        server.credential());
        unlessMoved(store.change(changed, request.view().sequence(), request.caller()));
        return AdminAnswer.ok(ServerJson.of(changed, tools(request.view(), server)));
    }

    /** A server becomes active by approval only, or again after it was disabled. */
    private static ServerStatus status(boolean wasApproved, String code) {
        if (code.equals("disabled")) {
            return ServerStatus.DISABLED;
        }
        if (code.equals("active") && wasApproved) {
            return ServerStatus.ACTIVE;
        }
        throw Refusal.invalid("status must be disabled, or active again after it was approved.");
    }

    private static void unlessMoved(boolean done) {
        if (!done) {
            throw new Refusal(
                    409, Reason.VERSION_CONFLICT, "Something changed meanwhile; look again.");
        }
    }

    AdminAnswer remove(AdminRequest request) {
        var server = known(request);
        if (!store.remove(server.tenant(), server.slug(), request.caller())) {
            throw Refusal.notFound();
        }
        registry.forget(server);
        return AdminAnswer.noContent();
    }

    AdminAnswer refresh(AdminRequest request) throws InterruptedException {
        return switch (registry.refresh(known(request))) {
            case ServerRegistry.Outcome.Listed(var server, var tools) ->
                    AdminAnswer.ok(ServerJson.of(server, tools)).tagged(etag(tools));
            case ServerRegistry.Outcome.SlugTaken(), ServerRegistry.Outcome.Unreachable() ->
                    throw egressDenied();
        };
    }

    AdminAnswer approve(AdminRequest request) {
        var server = known(request);
        var body = Body.read(request.body(), "tools", "all", "risk", "override_findings");
        var tools = tools(request.view(), server);
        var terms = body.flag("all") ? forAll(request, body, tools) : named(body);
        var approved = approve(tools, terms, body.flag("all"));
        var active =
                new McpServer(
                        server.tenant(),
                        server.slug(),
                        server.url(),
                        server.era(),
                        ServerStatus.ACTIVE,
                        server.labels(),
                        server.egressAllow(),
                        server.credential());
        unlessMoved(store.approve(active, approved, request.view().sequence(), request.caller()));
        return AdminAnswer.ok(ServerJson.of(active, approved)).tagged(etag(approved));
    }

    private static Map<String, ApprovalTerms> forAll(
            AdminRequest request, Body body, List<CatalogTool> tools) {
        var expected = request.header("If-Match").map(it -> it.replace("\"", ""));
        if (expected.isEmpty() || !expected.get().equals(etag(tools))) {
            throw new Refusal(
                    409,
                    Reason.VERSION_CONFLICT,
                    "If-Match must name the list that was reviewed: the server's ETag.");
        }
        var terms = new LinkedHashMap<String, ApprovalTerms>();
        for (var tool : tools) {
            if (tool.status() != ToolStatus.REJECTED && tool.status() != ToolStatus.MISSING) {
                terms.put(
                        tool.ref().tool(),
                        new ApprovalTerms(
                                tool.listed().digest(),
                                risk(body),
                                tool.labels(),
                                tool.lenient(),
                                body.flag("override_findings")));
            }
        }
        return terms;
    }

    private static Map<String, ApprovalTerms> named(Body body) {
        var terms = new LinkedHashMap<String, ApprovalTerms>();
        var override = body.flag("override_findings");
        for (JsonNode item : body.items("tools")) {
            var tool = Body.of(item, "name", "digest", "risk", "labels", "lenient", "strict");
            terms.put(
                    tool.text("name"),
                    new ApprovalTerms(
                            tool.text("digest"),
                            risk(tool),
                            labels(tool),
                            tool.flag("lenient"),
                            override));
        }
        if (terms.isEmpty()) {
            throw Refusal.invalid("Name tools with their digests, or all with a risk.");
        }
        return terms;
    }

    private static Risk risk(Body body) {
        return Risk.of(body.text("risk").toLowerCase(Locale.ROOT))
                .orElseThrow(() ->
                        Refusal.invalid("risk must be read, write, destructive or unclassified."));
    }

    /** All or nothing, but for rejected tools in an approval of everything: they stay out. */
    private static List<CatalogTool> approve(
            List<CatalogTool> tools, Map<String, ApprovalTerms> terms, boolean all) {
        var left = new LinkedHashMap<>(terms);
        var result = new ArrayList<CatalogTool>();
        for (var tool : tools) {
            var own = left.remove(tool.ref().tool());
            result.add(own == null ? tool : approve(tool, own, all));
        }
        left.keySet().stream()
                .findFirst()
                .ifPresent(it -> {
                    throw Refusal.invalid("The server lists no tool of that name.");
                });
        return result;
    }

    private static CatalogTool approve(CatalogTool tool, ApprovalTerms terms, boolean all) {
        return switch (CatalogApproval.approve(tool, terms)) {
            case Approving.Approved(var approved) -> approved;
            case Approving.DigestMismatch() ->
                    throw new Refusal(
                            409,
                            Reason.VERSION_CONFLICT,
                            "The digest is not the one that is listed now.");
            case Approving.Rejected(var finding) ->
                    throw new Refusal(
                            422,
                            Reason.TOOL_REJECTED,
                            "The tool cannot be served safely: " + finding.rule() + ".");
            case Approving.OverrideRequired _ when all -> tool;
            case Approving.OverrideRequired(var findings) ->
                    throw new Refusal(
                            422,
                            Reason.OVERRIDE_REQUIRED,
                            "Findings block the approval: " + findings.getFirst().rule() + ".");
        };
    }
}
