package io.sallyport.admin;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Toolset;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolGlob;
import io.sallyport.policy.ToolRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/tools} and {@code /admin/v1/toolsets}. */
final class ToolsApi {
    static final Set<String> FILTERS = Set.of("server", "status");

    private static final Set<String> STATUSES =
            Stream.of(ToolStatus.values()).map(ToolStatus::code).collect(Collectors.toSet());

    private final TenantSettings settings;

    ToolsApi(TenantSettings settings) {
        this.settings = settings;
    }

    AdminAnswer list(AdminRequest request) {
        var server = request.query("server");
        var status = request.query("status", STATUSES);
        var items =
                request.view().tools().stream()
                        .filter(it -> matches(server, it.ref().server().value()))
                        .filter(it -> matches(status, it.status().code()))
                        .map(ServerJson::brief)
                        .toList();
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
        return AdminAnswer.ok(json(toolset));
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
