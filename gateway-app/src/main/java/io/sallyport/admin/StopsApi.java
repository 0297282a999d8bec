package io.sallyport.admin;

import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Person;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.Stoppable;
import io.sallyport.tenant.Stops.Stop;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code …/stop} and {@code …/start} of servers, tools, principals and tenants. */
final class StopsApi {
    /** A sentence: it is kept in the log, which is not erased. */
    private static final int MAX_REASON = 200;

    private final StopSwitch stops;
    private final Governance governance;
    private final TenantSettings settings;

    StopsApi(StopSwitch stops, Governance governance, TenantSettings settings) {
        this.stops = stops;
        this.governance = governance;
        this.settings = settings;
    }

    AdminAnswer stopServer(AdminRequest request) {
        return stop(request, request.tenant(), server(request));
    }

    AdminAnswer startServer(AdminRequest request) {
        return start(request, request.tenant(), server(request));
    }

    private static Stoppable server(AdminRequest request) {
        var slug = slug(request.path("slug"));
        return known(request, new Stoppable.Server(slug), request.view().server(slug).isPresent());
    }

    private static ServerSlug slug(String text) {
        if (!ServerSlug.isValid(text)) {
            throw Refusal.notFound();
        }
        return new ServerSlug(text);
    }

    /** What is gone but still stopped can be started, so that it may come back. */
    private static Stoppable known(AdminRequest request, Stoppable what, boolean exists) {
        if (!exists && request.view().stops().of(what).isEmpty()) {
            throw Refusal.notFound();
        }
        return what;
    }

    AdminAnswer stopTool(AdminRequest request) {
        return stop(request, request.tenant(), tool(request));
    }

    AdminAnswer startTool(AdminRequest request) {
        return start(request, request.tenant(), tool(request));
    }

    private static Stoppable tool(AdminRequest request) {
        var ref = new ToolRef(slug(request.path("server")), request.path("tool"));
        return known(request, new Stoppable.Tool(ref), request.view().tool(ref).isPresent());
    }

    AdminAnswer stopPrincipal(AdminRequest request) {
        return stop(request, request.tenant(), principal(request));
    }

    AdminAnswer startPrincipal(AdminRequest request) {
        return start(request, request.tenant(), principal(request));
    }

    /** Whoever owns a key of the tenant; the owner of a platform's key is nobody's to stop. */
    private static Stoppable principal(AdminRequest request) {
        var person = Person.of(request.path("id"));
        var keys =
                request.view().keys().stream()
                        .filter(it -> Person.of(it.owner()).equals(person))
                        .toList();
        var isPlatforms = keys.stream().map(ApiKey::roles).anyMatch(it -> it.contains(PLATFORM));
        if (keys.isEmpty() || isPlatforms && !request.hasRole(PLATFORM)) {
            throw Refusal.notFound();
        }
        return new Stoppable.Owner(person);
    }

    private static final String PLATFORM = "platform-admin";

    AdminAnswer stopTenant(AdminRequest request) {
        return stop(request, tenant(request), new Stoppable.Tenant());
    }

    AdminAnswer startTenant(AdminRequest request) {
        return start(request, tenant(request), new Stoppable.Tenant());
    }

    private TenantId tenant(AdminRequest request) {
        var id = request.path("id");
        return settings.tenants().stream()
                .filter(it -> it.value().equals(id))
                .findFirst()
                .orElseThrow(Refusal::notFound);
    }

    AdminAnswer list(AdminRequest request) {
        List<ObjectNode> items =
                request.view().stops().all().entrySet().stream()
                        .sorted(Comparator.comparing(it -> it.getKey().kind() + it.getKey().name()))
                        .map(it -> json(it.getKey(), Optional.of(it.getValue())))
                        .toList();
        return AdminAnswer.list(items, Optional.empty());
    }

    private AdminAnswer stop(AdminRequest request, TenantId tenant, Stoppable what) {
        var reason = Body.read(request.body(), "reason").text("reason");
        if (reason.isBlank()) {
            throw Refusal.invalid("reason is required.");
        }
        stops.stop(tenant, what, checked(reason), request.caller());
        return told(tenant, what);
    }

    private AdminAnswer start(AdminRequest request, TenantId tenant, Stoppable what) {
        var reason =
                request.body().length == 0
                        ? ""
                        : Body.read(request.body(), "reason").optionalText("reason").orElse("");
        stops.start(tenant, what, checked(reason), request.caller());
        return told(tenant, what);
    }

    private static String checked(String reason) {
        if (reason.length() > MAX_REASON || reason.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.invalid("reason must be at most 200 characters on one line.");
        }
        return reason;
    }

    private AdminAnswer told(TenantId tenant, Stoppable what) {
        return AdminAnswer.ok(json(what, governance.view(tenant).stops().of(what)));
    }

    private static ObjectNode json(Stoppable what, Optional<Stop> stop) {
        var json = AdminAnswer.JSON.objectNode().put("kind", what.kind());
        if (!what.name().isEmpty()) {
            json.put("name", what.name());
        }
        json.put("stopped", stop.isPresent());
        stop.ifPresent(it -> json.put("reason", it.reason()).put("since", it.since().toString()));
        return json;
    }
}
