package io.sallyport.admin;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.McpServer;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Servers and tools as the admin API shows them; a secret is shown as set and no more. */
final class ServerJson {
    private ServerJson() {}

    static ObjectNode of(McpServer server, List<CatalogTool> tools) {
        var json =
                AdminAnswer.JSON
                        .objectNode()
                        .put("slug", server.slug().value())
                        .put("url", server.url())
                        .put("era", server.era().code())
                        .put("status", server.status().code());
        server.labels().stream().sorted().forEach(json.putArray("labels")::add);
        server.egressAllow().forEach(json.putObject("egress").putArray("allow")::add);
        if (!server.credential().isEmpty()) {
            json.putObject("credential").put("id", server.credential()).put("set", true);
        }
        var list = json.putArray("tools");
        tools.forEach(it -> list.add(brief(it)));
        return json;
    }

    static ObjectNode brief(CatalogTool tool) {
        var json =
                AdminAnswer.JSON
                        .objectNode()
                        .put("name", tool.ref().tool())
                        .put("server", tool.ref().server().value())
                        .put("alias", tool.listed().alias())
                        .put("digest", tool.listed().digest())
                        .put("status", tool.status().code())
                        .put("risk", tool.risk().code());
        tool.pinned().ifPresent(it -> json.put("approved_digest", it.digest()));
        tool.labels().stream().sorted().forEach(json.putArray("labels")::add);
        findings(json.putArray("findings"), tool.findings());
        return json;
    }

    private static void findings(ArrayNode list, List<Finding> findings) {
        findings.forEach(it ->
                list.addObject()
                        .put("rule", it.rule())
                        .put("severity", it.severity().code())
                        .put("pointer", it.pointer())
                        .put("excerpt", it.excerpt()));
    }

    /** With the descriptor as listed, the approved one, and what is different. */
    static ObjectNode full(CatalogTool tool) {
        var json = brief(tool).put("lenient", tool.lenient());
        json.set("descriptor", tool.listed().tree());
        tool.pinned()
                .filter(it -> !it.digest().equals(tool.listed().digest()))
                .ifPresent(it -> json.set("approved_descriptor", it.tree()));
        return json;
    }
}
