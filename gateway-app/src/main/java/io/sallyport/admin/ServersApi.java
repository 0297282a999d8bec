package io.sallyport.admin;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.error.Reason;
import io.sallyport.gate.Stoppable;
import io.sallyport.gate.TenantView;
import io.sallyport.policy.ServerSlug;
import io.sallyport.servers.ServerRegistry;
import io.sallyport.servers.ServerRegistry.Outcome;
import io.sallyport.servers.ServerStore;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/servers}: register, review, approve, refresh, remove. */
final class ServersApi {
    private final ServerRegistry registry;
    private final ServerStore store;
    private final Launching launching;

    ServersApi(ServerRegistry registry, ServerStore store, Launching launching) {
        this.registry = registry;
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
            case Outcome.Unreachable() -> throw Launching.unreachable(asked);
            case Outcome.Busy() -> throw busy();
        };
    }

    AdminAnswer list(AdminRequest request) {
        var view = request.view();
        var items =
                view.servers().stream()
                        .sorted(Comparator.comparing(McpServer::slug))
                        .map(it -> told(view, it, ServerJson.brief(it, view.catalog(it.slug()))))
                        .toList();
        return AdminAnswer.list(items, Optional.empty());
    }

    AdminAnswer show(AdminRequest request) {
        var server = known(request);
        return shown(request, server, request.view().catalog(server.slug()));
    }

    private AdminAnswer shown(AdminRequest request, McpServer server, ServerCatalog catalog) {
        return AdminAnswer.ok(told(request.view(), server, ServerJson.whole(server, catalog)))
                .tagged(ListDigest.of(server, catalog));
    }

    private ObjectNode told(TenantView view, McpServer server, ObjectNode json) {
        view.stops()
                .of(new Stoppable.Server(server.slug()))
                .ifPresent(it -> json.put("stopped", it.reason()));
        launching.unavailable(server).ifPresent(it -> json.put("unavailable", it));
        return json;
    }

    static McpServer known(AdminRequest request) {
        var slug = request.path("slug");
        if (!ServerSlug.isValid(slug)) {
            throw Refusal.notFound();
        }
        return request.view().server(new ServerSlug(slug)).orElseThrow(Refusal::notFound);
    }

    AdminAnswer change(AdminRequest request) {
        var form = ServerForm.change(request);
        var server = known(request);
        var catalog = request.view().catalog(server.slug());
        var changed = form.changed(server, wasApproved(catalog));
        unlessMoved(store.change(changed, request.view().sequence(), request.caller()));
        if (changed.status() == ServerStatus.DISABLED) {
            registry.end(changed);
        }
        return shown(request, changed, catalog);
    }

    private static boolean wasApproved(ServerCatalog catalog) {
        return Stream.concat(catalog.tools().stream(), catalog.entries().stream())
                .anyMatch(it -> it.pinned().isPresent());
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
        var asked = known(request);
        launching.require(asked);
        return switch (registry.refreshAsked(asked)) {
            case Outcome.Listed(var server, var catalog) -> shown(request, server, catalog);
            case Outcome.SlugTaken(), Outcome.Unreachable() -> throw Launching.unreachable(asked);
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
