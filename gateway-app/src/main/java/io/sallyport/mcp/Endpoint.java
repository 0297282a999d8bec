package io.sallyport.mcp;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.gate.OfferedTools;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.TenantView;
import java.util.List;
import java.util.Optional;

/** Which tools an MCP URL serves, and under which names. */
sealed interface Endpoint {
    /** The tools that this principal sees here. */
    List<CatalogTool> tools(TenantView view, Principal principal);

    String nameOf(CatalogTool tool);

    OfferedTools offer(TenantView view, Principal principal);

    /** The one server whose own surface this is; absent where there are tools only. */
    default Optional<ServerSlug> server() {
        return Optional.empty();
    }

    /** Whether this URL exists for the principal. */
    boolean exists(TenantView view, Principal principal);

    /** The endpoint at {@code /mcp/servers/{slug}}; empty if that cannot exist. */
    static Optional<Endpoint> ofServer(String slug) {
        return ServerSlug.isValid(slug)
                ? Optional.of(new OneServer(new ServerSlug(slug)))
                : Optional.empty();
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
        public OfferedTools offer(TenantView view, Principal principal) {
            return new OfferedTools.Aliases();
        }

        @Override
        public boolean exists(TenantView view, Principal principal) {
            return true;
        }
    }

    /** One server's tools, by the names that the server gives them. */
    record OneServer(ServerSlug slug) implements Endpoint {
        @Override
        public Optional<ServerSlug> server() {
            return Optional.of(slug);
        }

        @Override
        public List<CatalogTool> tools(TenantView view, Principal principal) {
            return view.visibleTo(principal, slug);
        }

        @Override
        public String nameOf(CatalogTool tool) {
            return tool.listed().ref().tool();
        }

        @Override
        public OfferedTools offer(TenantView view, Principal principal) {
            return new OfferedTools.ServerTools(slug);
        }

        /** A server of which the principal may use nothing does not exist for it. */
        @Override
        public boolean exists(TenantView view, Principal principal) {
            var key = view.key(principal.credential());
            return view.isActive(slug)
                    && key.isPresent()
                    && (view.tools(slug).stream().anyMatch(it -> view.mayList(key.get(), it))
                            || view.offersContent(principal, slug));
        }
    }

    /** The tools of one toolset that the principal may use, by alias. */
    record OneToolset(String toolset) implements Endpoint {
        @Override
        public List<CatalogTool> tools(TenantView view, Principal principal) {
            return view.visibleTo(principal).values().stream()
                    .filter(it -> isIn(view, it.ref()))
                    .toList();
        }

        private boolean isIn(TenantView view, ToolRef ref) {
            return view.toolset(toolset).map(it -> it.contains(ref)).orElse(false);
        }

        @Override
        public String nameOf(CatalogTool tool) {
            return tool.listed().alias();
        }

        @Override
        public OfferedTools offer(TenantView view, Principal principal) {
            return new OfferedTools.ToolsetTools(toolset);
        }

        /** A toolset of which the principal may use nothing does not exist for it. */
        @Override
        public boolean exists(TenantView view, Principal principal) {
            var key = view.key(principal.credential());
            return key.isPresent()
                    && view.tools().stream()
                            .filter(it -> isIn(view, it.ref()))
                            .anyMatch(it -> view.mayList(key.get(), it));
        }
    }
}
