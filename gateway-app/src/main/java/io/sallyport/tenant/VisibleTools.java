package io.sallyport.tenant;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.ToolRef;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tools that one key sees, ordered by alias. One tool is looked up in its server alone; the
 * whole list is put together only for whoever goes through it.
 */
final class VisibleTools extends AbstractMap<ToolRef, CatalogTool> {
    private final TenantServers servers;
    private final ApiKey key;

    VisibleTools(TenantServers servers, ApiKey key) {
        this.servers = servers;
        this.key = key;
    }

    @Override
    @SuppressWarnings("NullAway") // a map answers null for what it does not hold
    public @Nullable CatalogTool get(@Nullable Object ref) {
        return ref instanceof ToolRef tool
                ? servers.of(tool.server())
                        .flatMap(it -> it.visibleTo(key, tool.tool()))
                        .orElse(null)
                : null;
    }

    @Override
    public boolean containsKey(@Nullable Object ref) {
        return get(ref) != null;
    }

    @Override
    public Collection<CatalogTool> values() {
        return servers.all().stream().flatMap(it -> it.visibleTo(key).stream()).toList();
    }

    @Override
    public Set<Map.Entry<ToolRef, CatalogTool>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<ToolRef, CatalogTool>> iterator() {
                return values().stream().map(it -> Map.entry(it.ref(), it)).iterator();
            }

            @Override
            public int size() {
                return servers.all().stream().mapToInt(it -> it.countVisibleTo(key)).sum();
            }
        };
    }
}
