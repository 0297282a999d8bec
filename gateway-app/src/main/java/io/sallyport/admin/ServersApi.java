package io.sallyport.admin;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.error.Reason;
import io.sallyport.policy.ServerSlug;
import io.sallyport.servers.ServerRegistry;
import io.sallyport.servers.ServerRegistry.Outcome;
import io.sallyport.servers.ServerStore;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code /admin/v1/servers}: register, review, approve, refresh, remove. */
final class ServersApi {
    private final ServerRegistry registry;
    private final ServerStore store;

    ServersApi(ServerRegistry registry, ServerStore store) {
        this.registry = registry;
        this.store = store;
    }

    AdminAnswer register(AdminRequest request) throws InterruptedException {
        var form = ServerForm.registration(request);
        var credential = form.credential();
        return switch (registry.register(form.server(), credential, request.caller())) {
            case Outcome.Listed(var server, var catalog) ->
                    AdminAnswer.created(ServerJson.whole(server, catalog))
                            .tagged(ListDigest.of(server, catalog));
            case Outcome.SlugTaken() ->
                    throw new Refusal(409, Reason.ALREADY_EXISTS, "The slug is taken.");
            case Outcome.Unreachable() -> throw ServerForm.egressDenied();
        };
    }

    AdminAnswer list(AdminRequest request) {
        var view = request.view();
        var items =
                view.servers().stream()
                        .sorted(Comparator.comparing(McpServer::slug))
                        .map(it -> ServerJson.brief(it, view.catalog(it.slug())))
                        .toList();
        return AdminAnswer.list(items, Optional.empty());
    }

    AdminAnswer show(AdminRequest request) {
        var server = known(request);
        return shown(server, request.view().catalog(server.slug()));
    }

    private static AdminAnswer shown(McpServer server, ServerCatalog catalog) {
        return AdminAnswer.ok(ServerJson.whole(server, catalog))
                .tagged(ListDigest.of(server, catalog));
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
        return shown(changed, catalog);
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
        return switch (registry.refresh(known(request))) {
            case Outcome.Listed(var server, var catalog) -> shown(server, catalog);
            case Outcome.SlugTaken(), Outcome.Unreachable() -> throw ServerForm.egressDenied();
        };
    }

    AdminAnswer approve(AdminRequest request) {
        var server = known(request);
        var approval = new ServerApproval(request, server, request.view().catalog(server.slug()));
        var active = approval.server();
        var approved = approval.catalog();
        unlessMoved(store.approve(active, approved, request.view().sequence(), request.caller()));
        return shown(active, approved);
    }
}
