package io.sallyport.tenant;

import io.sallyport.catalog.Toolset;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Policy;
import io.sallyport.policy.ServerSlug;
import io.sallyport.provider.ModelAlias;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The parts that one view has otherwise than the one before, by kind. */
final class ViewEdits {
    private final Map<ServerSlug, Optional<ListedServer>> servers = new HashMap<>();
    private final Map<String, Optional<Toolset>> toolsets = new HashMap<>();
    private final Map<String, Optional<ModelAlias>> models = new HashMap<>();
    private final Map<String, Optional<ApiKey>> keys = new HashMap<>();
    private Optional<Policy> policy = Optional.empty();
    private Optional<Stops> stops = Optional.empty();

    ViewEdits(Collection<ViewPart> changed) {
        changed.forEach(this::add);
    }

    private void add(ViewPart part) {
        switch (part) {
            case ViewPart.OfPolicy(var now) -> policy = Optional.of(now);
            case ViewPart.OfServer(var slug, var now) -> servers.put(slug, now);
            case ViewPart.OfToolset(var name, var now) -> toolsets.put(name, now);
            case ViewPart.OfModel(var alias, var now) -> models.put(alias, now);
            case ViewPart.OfKey(var id, var now) -> keys.put(id, now);
            case ViewPart.OfStops(var now) -> stops = Optional.of(now);
        }
    }

    ViewRules rules(ViewRules before) {
        var now = stops.orElse(before.stops());
        return policy.isEmpty() && toolsets.isEmpty() && now.equals(before.stops())
                ? before
                : new ViewRules(
                        policy.orElse(before.policy()), merged(before.toolsets(), toolsets), now);
    }

    TenantServers servers(TenantServers before, ViewRules rules) {
        return before.under(rules).with(servers);
    }

    Map<String, ModelAlias> models(Map<String, ModelAlias> before) {
        return merged(before, models);
    }

    Map<String, ApiKey> keys(Map<String, ApiKey> before) {
        return merged(before, keys);
    }

    /** The very same map if nothing changed. */
    private static <K, V> Map<K, V> merged(Map<K, V> before, Map<K, Optional<V>> changed) {
        if (changed.isEmpty()) {
            return before;
        }
        var after = new HashMap<>(before);
        changed.forEach((key, now) ->
                now.ifPresentOrElse(it -> after.put(key, it), () -> after.remove(key)));
        return after;
    }
}
