package io.sallyport.admin;

import io.sallyport.catalog.CatalogItem;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Transport;
import io.sallyport.error.Reason;
import io.sallyport.policy.Person;
import io.sallyport.servers.ServerChange;
import io.sallyport.servers.ServerChange.Secret;
import java.util.HashSet;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a request changes of a server. A secret that was stored for one origin is not sent to
 * another, and what reviewers approved at one place holds at another only if somebody says so who
 * may.
 */
final class ServerPatch {
    private final AdminRequest request;
    private final ServerForm said;
    private final McpServer server;
    private final ServerCatalog catalog;
    private final boolean keepsApprovals;

    /**
     * @param server as the admin saw it
     * @param catalog what is known of what it offers
     */
    ServerPatch(AdminRequest request, ServerForm said, McpServer server, ServerCatalog catalog) {
        this.request = request;
        this.said = said;
        this.server = server;
        this.catalog = catalog;
        keepsApprovals = said.body().flag("keep_approvals");
    }

    ServerChange change(Launching launching) {
        said.refuseUnfit(server.transport());
        var transport = transport(launching);
        var secret = secret(transport);
        var changed = changed(transport, secret);
        ServerForm.requireHidden(transport, !changed.credential().isEmpty(), changed.egress());
        var isSame = changed.identity().equals(server.identity());
        var after = isSame ? changed : moved(changed);
        requireKeeper(after);
        return new ServerChange(
                server, catalog, request.view().sequence(), after, secret, keepsApprovals);
    }

    /** Where the server is from now on; how it is reached, over HTTP or as a program, stays. */
    private Transport transport(Launching launching) {
        var body = said.body();
        if (!body.mentions("url") && !body.mentions("profile")) {
            return server.transport();
        }
        return switch (server.transport()) {
            case Transport.StreamableHttp _ when !body.mentions("profile") ->
                    new Transport.StreamableHttp(said.url());
            case Transport.Stdio _ when !body.mentions("url") -> {
                launching.requireOn();
                launching.require(body.text("profile"));
                yield new Transport.Stdio(body.text("profile"));
            }
            case Transport.StreamableHttp _, Transport.Stdio _ ->
                    throw ServerForm.unfit(
                            "A server that has a url keeps one, and one that has a profile too.");
        };
    }

    private boolean isHere(Transport transport) {
        return ServerChange.isSameOrigin(server.transport(), transport);
    }

    private Secret secret(Transport transport) {
        if (said.body().has("credential")) {
            return new Secret.Replaced(said.credential().orElseThrow());
        }
        var goes = said.body().mentions("credential") || !isHere(transport);
        return goes && !server.credential().isEmpty() ? new Secret.Dropped() : new Secret.Kept();
    }

    /** Another secret for the same origin is the same credential to whoever reviewed it. */
    private String credential(Transport transport, Secret secret) {
        return switch (secret) {
            case Secret.Kept() -> server.credential();
            case Secret.Dropped() -> "";
            case Secret.Replaced _ ->
                    server.credential().isEmpty() || !isHere(transport)
                            ? ServerForm.newCredential()
                            : server.credential();
        };
    }

    private McpServer changed(Transport transport, Secret secret) {
        var body = said.body();
        var era = said.era().orElse(server.era());
        var egress = said.egress().orElse(server.egress());
        var isReachedAsBefore =
                secret instanceof Secret.Kept
                        && transport.equals(server.transport())
                        && era == server.era()
                        && egress.equals(server.egress());
        return new McpServer(
                server.tenant(),
                server.slug(),
                transport,
                era,
                said.status(pinned().findAny().isPresent()).orElse(server.status()),
                said.labels().orElse(server.labels()),
                egress,
                credential(transport, secret),
                said.relay().orElse(server.relay()),
                body.has("stateless") ? body.flag("stateless") : server.stateless(),
                server.profile(),
                server.reviewed(),
                said.times(server.times()),
                isReachedAsBefore ? server.revision() : request.view().sequence(),
                server.movedBy());
    }

    private Stream<CatalogItem<?, ?>> pinned() {
        return Stream.<CatalogItem<?, ?>>concat(
                        catalog.tools().stream(), catalog.entries().stream())
                .filter(it -> it.pinned().isPresent());
    }

    /**
     * The server that is another to its reviewers. Who moved it to where it is now is remembered
     * for as long as something waits that was approved elsewhere.
     */
    private McpServer moved(McpServer changed) {
        var movers = new HashSet<String>();
        if (pinned().anyMatch(it -> it.status() != ToolStatus.APPROVED)) {
            movers.addAll(server.movedBy());
        }
        if (!isHere(changed.transport())) {
            movers.add(self());
        }
        var reviewed = keepsApprovals ? server.reviewed() : Optional.<String>empty();
        return changed.movedBy(movers, reviewed);
    }

    private String self() {
        return Person.of(request.caller().principal().subject()).name();
    }

    /**
     * Within one origin an admin may say that approvals hold on. What was approved for one origin
     * holds at another only if two people say so: who moved the server, and a platform admin, who
     * names what he looked at. It may be elsewhere again by now. Neither does an admin keep
     * approvals of one program for another that has its name, unless he names what he looked at.
     */
    private void requireKeeper(McpServer after) {
        if (!keepsApprovals) {
            return;
        }
        var movesNow = !isHere(after.transport());
        var isElsewhere = after.identity().equals(server.identity()) && !server.movedBy().isEmpty();
        if (movesNow || isElsewhere) {
            requireOther(movesNow);
        }
        if (movesNow || isElsewhere || isOfAnotherProgram(after)) {
            requireLook();
        }
    }

    private void requireOther(boolean movesNow) {
        if (!request.hasRole("platform-admin")) {
            throw Refusal.forbidden();
        }
        if (movesNow || server.movedBy().contains(self())) {
            throw new Refusal(
                    403,
                    Reason.SELF_APPROVAL,
                    "Approvals hold at another origin if a platform admin says so who did not move"
                            + " the server there.");
        }
    }

    /** The operator may have edited its profile, and may edit it again. */
    private boolean isOfAnotherProgram(McpServer after) {
        return after.transport() instanceof Transport.Stdio
                && isHere(after.transport())
                && pinned().anyMatch(it -> it.status() != ToolStatus.APPROVED);
    }

    private void requireLook() {
        if (request.header("If-Match").isEmpty()) {
            throw Refusal.unreviewed();
        }
    }
}
