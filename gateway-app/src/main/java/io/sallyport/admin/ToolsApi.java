package io.sallyport.admin;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Toolset;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolGlob;
import io.sallyport.policy.ToolRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/tools} and {@code /admin/v1/toolsets}. */
final class ToolsApi {
    static final Set<String> FILTERS = Set.of("server", "status", "include", "cursor");

    /** Of tools with their descriptors. */
    private static final int PAGE = 50;

    /** Of their JSON; a page ends with the tool that goes beyond it. */
    private static final int PAGE_BYTES = 1 << 20;

    private static final Set<String> STATUSES =
            Stream.of(ToolStatus.values()).map(ToolStatus::code).collect(Collectors.toSet());

    private final TenantSettings settings;

    ToolsApi(TenantSettings settings) {
        this.settings = settings;
    }

    AdminAnswer list(AdminRequest request) {
        var server = request.query("server");
        var status = request.query("status", STATUSES);
        var tools =
                request.view().tools().stream()
                        .filter(it -> matches(server, it.ref().server().value()))
                        .filter(it -> matches(status, it.status().code()));
        var after = request.query("cursor").map(ToolsApi::alias);
        if (request.query("include", Set.of("descriptor")).isPresent()) {
            var byAlias = Comparator.comparing((CatalogTool it) -> it.listed().alias());
            return review(tools.filter(it -> isAfter(it, after)).sorted(byAlias).toList());
        }
        if (after.isPresent()) {
            throw Refusal.invalid("cursor goes with include only.");
        }
        return AdminAnswer.list(tools.map(ServerJson::brief).toList(), Optional.empty());
    }

    private static String alias(String cursor) {
        if (!cursor.matches("[A-Za-z0-9_-]{1,64}")) {
            throw Refusal.invalid("cursor is not one of ours.");
        }
        return cursor;
    }

    private static boolean isAfter(CatalogTool tool, Optional<String> last) {
        return last.map(it -> tool.listed().alias().compareTo(it) > 0).orElse(true);
    }

    /** All that a reviewer reads, in the order of the aliases. */
    private static AdminAnswer review(List<CatalogTool> tools) {
        var items = new ArrayList<ObjectNode>();
        int bytes = 0;
        for (var tool : tools) {
            if (items.size() == PAGE || bytes > PAGE_BYTES) {
                var last = tools.get(items.size() - 1);
                return AdminAnswer.list(items, Optional.of(last.listed().alias()));
            }
            var item = ServerJson.full(tool);
            bytes += JsonText.write(item).length;
            items.add(item);
        }
        return AdminAnswer.list(items, Optional.empty());
    }

    private static boolean matches(Optional<String> wanted, String value) {
        return wanted.map(value::equals).orElse(true);
    }

    AdminAnswer show(AdminRequest request) {
        var server = request.path("server");
        if (!ServerSlug.isValid(server)) {
            throw Refusal.notFound();
        }
        CatalogTool tool =
                request.view()
                        .tool(new ToolRef(new ServerSlug(server), request.path("tool")))
                        .orElseThrow(Refusal::notFound);
        return AdminAnswer.ok(ServerJson.full(tool));
    }

    AdminAnswer putToolset(AdminRequest request) {
        var name = name(request);
        var tools = Body.read(request.body(), "tools").texts("tools");
        if (tools.isEmpty() || tools.size() > 1_000) {
            throw Refusal.invalid("tools must hold 1 to 1000 entries like crm/get_*.");
        }
        if (!tools.stream().allMatch(it -> ToolGlob.parse(it).isPresent())) {
            throw Refusal.invalid("tools must hold entries like crm/get_*.");
        }
        var toolset = new Toolset(name, tools);
        settings.putToolset(request.tenant(), toolset, request.caller());
        return AdminAnswer.ok(new Remarks(request).ofTools(tools).to(json(toolset)));
    }

    private static String name(AdminRequest request) {
        var name = request.path("name");
        if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw Refusal.invalid("A name is 1 to 63 of a-z, 0-9 and -.");
        }
        return name;
    }

    AdminAnswer showToolset(AdminRequest request) {
        return AdminAnswer.ok(
                json(request.view().toolset(request.path("name")).orElseThrow(Refusal::notFound)));
    }

    AdminAnswer removeToolset(AdminRequest request) {
        if (!settings.removeToolset(request.tenant(), request.path("name"), request.caller())) {
            throw Refusal.notFound();
        }
        return AdminAnswer.noContent();
    }

    AdminAnswer listToolsets(AdminRequest request) {
        List<ObjectNode> items = request.view().toolsets().stream().map(ToolsApi::json).toList();
        return AdminAnswer.list(items, Optional.empty());
    }

    private static ObjectNode json(Toolset toolset) {
        var json = AdminAnswer.JSON.objectNode().put("name", toolset.name());
        toolset.tools().forEach(json.putArray("tools")::add);
        return json;
    }
}
