package io.sallyport.mcp;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.gate.Offer;
import io.sallyport.gate.TenantView;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ServerSlug;
import java.util.List;
import java.util.Optional;

/** Which tools an MCP URL serves, and under which names. */
sealed interface Endpoint {
    /** The tools that this principal sees here. */
    List<CatalogTool> tools(TenantView view, Principal principal);

    String nameOf(CatalogTool tool);

    Offer offer();

    /** Whether this URL exists for the principal. */
    boolean exists(TenantView view, Principal principal);

    /**
     * The endpoint at {@code /mcp} or {@code /mcp/servers/{server}}; empty if that cannot exist.
     */
    static Optional<Endpoint> of(Optional<String> server) {
        if (server.isEmpty()) {
            return Optional.of(new Everything());
        }
        return server.filter(ServerSlug::isValid).map(it -> new OneServer(new ServerSlug(it)));
    }

    /** Every tool that the principal may use, by alias. */
    record Everything() implements Endpoint {
        @Override
        public List<CatalogTool> tools(TenantView view, Principal principal) {
            return List.copyOf(view.visibleTo(principal).values());
        }

        @Override
        public String nameOf(CatalogTool tool) {
            return tool.listed().alias();
        }

        @Override
        public Offer offer() {
            return new Offer.Aliases();
        }

        @Override
        public boolean exists(TenantView view, Principal principal) {
            return true;
        }
    }

    /** One server's tools, by the names that the server gives them. */
    record OneServer(ServerSlug server) implements Endpoint {
        @Override
        public List<CatalogTool> tools(TenantView view, Principal principal) {
            return view.visibleTo(principal).values().stream()
                    .filter(it -> it.listed().ref().server().equals(server))
                    .toList();
        }

        @Override
        public String nameOf(CatalogTool tool) {
            return tool.listed().ref().tool();
        }

        @Override
        public Offer offer() {
            return new Offer.ServerTools(server);
        }

        /** A server of which the principal may use nothing does not exist for it. */
        @Override
        public boolean exists(TenantView view, Principal principal) {
            var key = view.key(principal.credential());
            return view.isActive(server)
                    && key.isPresent()
                    && view.tools().stream()
                            .filter(it -> it.listed().ref().server().equals(server))
                            .anyMatch(it -> view.mayList(key.get(), it));
        }
    }
}
