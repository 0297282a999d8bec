package io.sallyport.admin;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.error.Reason;
import io.sallyport.policy.ServerSlug;
import io.sallyport.servers.ServerChanges;
import io.sallyport.servers.ServerFault;
import io.sallyport.servers.ServerHealth;
import io.sallyport.servers.ServerRegistry;
import io.sallyport.servers.ServerRegistry.Outcome;
import io.sallyport.servers.ServerStore;
import io.sallyport.tenant.Stoppable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/servers}: register, review, approve, refresh, remove. */
final class ServersApi {
    private final ServerRegistry registry;
    private final ServerChanges changes;
    private final ServerStore store;
    private final Launching launching;

    ServersApi(
            ServerRegistry registry,
            ServerChanges changes,
            ServerStore store,
            Launching launching) {
        this.registry = registry;
        this.changes = changes;
        this.store = store;
        this.launching = launching;
    }

    AdminAnswer register(AdminRequest request) throws InterruptedException {
        var form = ServerForm.registration(request, launching);
        var credential = form.credential();
        var asked = form.server();
        return switch (registry.register(asked, credential, request.caller())) {
            case Outcome.Listed(var server, var catalog) ->
                    AdminAnswer.created(ServerJson.whole(server, catalog))
                            .tagged(ListDigest.of(server, catalog));
            case Outcome.SlugTaken() ->
                    throw new Refusal(409, Reason.ALREADY_EXISTS, "The slug is taken.");
            case Outcome.Unusable(var fault) -> throw unusable(request, asked, fault).refusal();
            case Outcome.Moved() -> throw Refusal.moved();
            case Outcome.Busy() -> throw busy();
        };
    }

    private static UnusableServer unusable(
            AdminRequest request, McpServer server, ServerFault fault) {
        return new UnusableServer(server, fault, fault.open() || request.hasRole("platform-admin"));
    }

    AdminAnswer list(AdminRequest request) {
        var view = request.view();
        var items = new ArrayList<ObjectNode>();
        for (var server :
                view.servers().stream().sorted(Comparator.comparing(McpServer::slug)).toList()) {
            var json = ServerJson.brief(server, view.catalog(server.slug()));
            items.add(told(request, server, json));
        }
        return AdminAnswer.list(items, Optional.empty());
    }

    AdminAnswer show(AdminRequest request) {
        var server = known(request);
        return shown(request, server, request.view().catalog(server.slug()));
    }

    private AdminAnswer shown(AdminRequest request, McpServer server, ServerCatalog catalog) {
        return AdminAnswer.ok(told(request, server, ServerJson.whole(server, catalog)))
                .tagged(ListDigest.of(server, catalog));
    }

    private ObjectNode told(AdminRequest request, McpServer server, ObjectNode json) {
        var health = registry.health(server);
        if (health.isPresent()) {
            tell(request, server, health.get(), json);
        }
        if (request.hasRole("platform-admin")) {
            ServerJson.program(json, registry.words(server));
        }
        request.view()
                .stops()
                .of(new Stoppable.Server(server.slug()))
                .ifPresent(it -> json.put("stopped", it.reason()));
        launching.unavailable(server).ifPresent(it -> json.put("unavailable", it));
        return json;
    }

    /** How the server does; what went wrong last stays after it is well again. */
    private static void tell(
            AdminRequest request, McpServer server, ServerHealth health, ObjectNode json) {
        json.put("state", health.state().code()).put("since", health.since().toString());
        health.lastSuccess().ifPresent(it -> json.put("last_success", it.toString()));
        if (health.lastFault().isPresent()) {
            var fault = unusable(request, server, health.lastFault().get());
            json.put("last_error", fault.line());
        }
    }

    static McpServer known(AdminRequest request) {
        var slug = request.path("slug");
        if (!ServerSlug.isValid(slug)) {
            throw Refusal.notFound();
        }
        return request.view().server(new ServerSlug(slug)).orElseThrow(Refusal::notFound);
    }

    AdminAnswer change(AdminRequest request) throws InterruptedException {
        var form = ServerForm.change(request);
        var server = known(request);
        var catalog = request.view().catalog(server.slug());
        requireSeen(request, server, catalog);
        var change = new ServerPatch(request, form, server, catalog).change(launching);
        return switch (changes.change(change, request.caller())) {
            case Outcome.Listed(var changed, var now) -> shown(request, changed, now);
            case Outcome.Unusable(var fault) ->
                    throw unusable(request, change.after(), fault).refusal();
            case Outcome.Moved(), Outcome.SlugTaken() -> throw Refusal.moved();
            case Outcome.Busy() -> throw busy();
        };
    }

    /** Whoever says which list they saw changes no other. */
    private static void requireSeen(AdminRequest request, McpServer server, ServerCatalog catalog) {
        var seen = request.header("If-Match").map(it -> it.replace("\"", ""));
        if (seen.isPresent() && !seen.get().equals(ListDigest.of(server, catalog))) {
            throw Refusal.moved();
        }
    }

    private static void unlessMoved(boolean done) {
        if (!done) {
            throw Refusal.moved();
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
        var asked = known(request);
        launching.require(asked);
        return switch (registry.refreshAsked(asked)) {
            case Outcome.Listed(var server, var catalog) -> shown(request, server, catalog);
            case Outcome.Unusable(var fault) -> throw unusable(request, asked, fault).refusal();
            case Outcome.SlugTaken(), Outcome.Moved() -> throw Refusal.moved();
            case Outcome.Busy() -> throw busy();
        };
    }

    private static Refusal busy() {
        return new Refusal(
                429, Reason.RATE_LIMITED, "Too many servers are being listed; try again.");
    }

    AdminAnswer approve(AdminRequest request) {
        var server = known(request);
        var approval = new ServerApproval(request, server, request.view().catalog(server.slug()));
        var active = approval.server();
        var approved = approval.catalog();
        unlessMoved(store.approve(active, approved, request.view().sequence(), request.caller()));
        return shown(request, active, approved);
    }
}
