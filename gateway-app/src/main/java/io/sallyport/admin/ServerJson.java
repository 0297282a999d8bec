package io.sallyport.admin;

import io.sallyport.bridge.ProgramWords;
import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogItem;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.DescriptorChange;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.Relay;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerProfile;
import io.sallyport.catalog.Transport;
import io.sallyport.policy.Risk;
import io.sallyport.policy.VisibleText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Servers and tools as the admin API shows them; a secret is shown as set and no more. */
final class ServerJson {
    private ServerJson() {}

    /** For lists of servers: everything but the descriptors of its entries. */
    static ObjectNode brief(McpServer server, ServerCatalog catalog) {
        return server(server, catalog, ServerJson::brief);
    }

    /** For one server: an admin reads here what is to be approved. */
    static ObjectNode whole(McpServer server, ServerCatalog catalog) {
        return server(server, catalog, ServerJson::full);
    }

    private static ObjectNode server(
            McpServer server, ServerCatalog catalog, Function<CatalogEntry, ObjectNode> entry) {
        var json = settings(server);
        server.profile().ifPresent(it -> profile(json, server, it));
        catalog.tools().stream().map(ServerJson::brief).forEach(json.putArray("tools")::add);
        for (var kind : EntryKind.values()) {
            var list = json.putArray(plural(kind));
            catalog.entries(kind).stream().map(entry).forEach(list::add);
        }
        return json;
    }

    private static ObjectNode settings(McpServer server) {
        var json = AdminAnswer.JSON.objectNode().put("slug", server.slug().value());
        switch (server.transport()) {
            case Transport.StreamableHttp(var url) -> json.put("url", url);
            case Transport.Stdio(var profile) -> json.put("profile", profile);
        }
        json.put("era", server.era().code())
                .put("status", server.status().code())
                .put("stateless", server.stateless())
                .put("call_timeout_seconds", server.times().each().toSeconds());
        server.times().tools().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(it ->
                        json.withObject("tool_timeout_seconds")
                                .put(it.getKey(), it.getValue().toSeconds()));
        server.relay().stream().map(Relay::code).sorted().forEach(json.putArray("relay")::add);
        server.labels().stream().sorted().forEach(json.putArray("labels")::add);
        EgressForm.show(json, server.egress());
        if (!server.credential().isEmpty()) {
            json.putObject("credential").put("id", server.credential()).put("set", true);
        }
        return json;
    }

    private static void profile(ObjectNode json, McpServer server, ServerProfile profile) {
        json.put("negotiated_era", profile.era().code());
        json.set("capabilities", VisibleTree.of(profile.capabilities()).tree());
        profile.instructions()
                .ifPresent(it ->
                        json.putObject("instructions")
                                .put("text", VisibleText.withoutHidden(it))
                                .put("hidden_characters", VisibleText.countHidden(it))
                                .put("digest", ListDigest.ofText(it))
                                .put("approved", server.instructions().isPresent()));
    }

    /** What a program says beside its messages; its operator may know. */
    static void program(ObjectNode json, ProgramWords words) {
        if (words.errors().isEmpty() && words.skipped() == 0) {
            return;
        }
        var program = json.putObject("program");
        words.began().forEach(program.putArray("began")::add);
        words.errors().forEach(program.putArray("errors")::add);
        words.strays().forEach(program.putArray("strays")::add);
        program.put("skipped", words.skipped());
    }

    /** What a list of that kind is called. */
    static String plural(EntryKind kind) {
        return kind.code() + "s";
    }

    private static ObjectNode brief(CatalogEntry entry) {
        var json =
                AdminAnswer.JSON
                        .objectNode()
                        .put(entry.kind().keyMember(), VisibleText.of(entry.ref().key()))
                        .put("digest", entry.listed().digest())
                        .put("status", entry.status().code());
        entry.pinned().ifPresent(it -> json.put("approved_digest", it.digest()));
        findings(json.putArray("findings"), entry.findings());
        return json;
    }

    private static ObjectNode full(CatalogEntry entry) {
        return withDescriptors(brief(entry), entry);
    }

    static ObjectNode brief(CatalogTool tool) {
        var json =
                AdminAnswer.JSON
                        .objectNode()
                        .put("name", VisibleText.of(tool.ref().tool()))
                        .put("server", tool.ref().server().value())
                        .put("alias", tool.listed().alias())
                        .put("digest", tool.listed().digest())
                        .put("status", tool.status().code())
                        .put("risk", tool.risk().code())
                        .put("effective_risk", tool.effectiveRisk().effective().code());
        riskReason(tool).ifPresent(it -> json.put("risk_reason", it));
        tool.pinned().ifPresent(it -> json.put("approved_digest", it.digest()));
        tool.labels().stream().sorted().forEach(json.putArray("labels")::add);
        findings(json.putArray("findings"), tool.findings());
        return json;
    }

    /** Why rules go by another risk than the one that an admin set. */
    private static Optional<String> riskReason(CatalogTool tool) {
        return tool.risk() == Risk.UNCLASSIFIED
                ? Optional.of("unclassified counts as destructive")
                : tool.raisedBy().map(it -> it + ", which may only raise it");
    }

    private static void findings(ArrayNode list, List<Finding> findings) {
        findings.forEach(it ->
                list.addObject()
                        .put("rule", it.rule())
                        .put("severity", it.severity().code())
                        .put("pointer", VisibleText.of(it.pointer()))
                        .put("excerpt", VisibleText.of(it.excerpt())));
    }

    /** With the descriptor as listed, the approved one, and what is different. */
    static ObjectNode full(CatalogTool tool) {
        var json = brief(tool).put("lenient", tool.lenient());
        return withDescriptors(json, tool);
    }

    private static void changes(ObjectNode json, List<DescriptorChange> changes) {
        if (!changes.isEmpty()) {
            var diff = json.putArray("diff");
            changes.forEach(it ->
                    diff.addObject()
                            .put("kind", it.kind())
                            .put("pointer", VisibleText.of(it.pointer())));
        }
    }

    private static ObjectNode withDescriptors(ObjectNode json, CatalogItem<?, ?> item) {
        var shown = VisibleTree.of(item.listed().tree());
        json.set("descriptor", shown.tree());
        if (shown.hidden() > 0) {
            json.put("hidden_characters", shown.hidden());
        }
        item.pinned()
                .filter(it -> !it.digest().equals(item.listed().digest()))
                .ifPresent(it -> json.set("approved_descriptor", VisibleTree.of(it.tree()).tree()));
        changes(json, item.changes());
        return json;
    }
}
