package io.sallyport.gate;

import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.TenantView;
import java.util.Map;
import java.util.Optional;

/** The names under which tools were offered, each resolved by look-up and never parsed. */
public sealed interface OfferedTools {
    /** Which tool {@code name} stands for, or empty if it was not offered. */
    Optional<ToolRef> resolve(String name, TenantView view);

    /** Whether this is a choice among the tools that there are, so that one may be left out. */
    default boolean isChoice() {
        return false;
    }

    /** Every tool of the tenant by its alias: the {@code /mcp} endpoint. */
    record Aliases() implements OfferedTools {
        @Override
        public Optional<ToolRef> resolve(String name, TenantView view) {
            return view.byAlias(name);
        }
    }

    /** One server's tools by the names that the server gives them. */
    record ServerTools(ServerSlug server) implements OfferedTools {
        @Override
        public Optional<ToolRef> resolve(String name, TenantView view) {
            return Optional.of(new ToolRef(server, name));
        }
    }

    /** The tools of one toolset, by alias. */
    record ToolsetTools(String toolset) implements OfferedTools {
        @Override
        public Optional<ToolRef> resolve(String name, TenantView view) {
            return view.byAlias(name)
                    .filter(it ->
                            view.toolset(toolset).filter(set -> set.contains(it)).isPresent());
        }

        @Override
        public boolean isChoice() {
            return true;
        }
    }

    /** Exactly these: the tools that one chat run was started with, by alias. */
    record Listed(Map<String, ToolRef> tools) implements OfferedTools {
        public Listed {
            tools = Map.copyOf(tools);
        }

        @Override
        public Optional<ToolRef> resolve(String name, TenantView view) {
            return Optional.ofNullable(tools.get(name));
        }

        @Override
        public boolean isChoice() {
            return true;
        }
    }
}
