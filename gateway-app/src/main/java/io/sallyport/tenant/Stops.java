package io.sallyport.tenant;

import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Person;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is stopped in a tenant now. What is stopped does not exist for callers; a stop of the tenant
 * covers everything in it.
 */
public record Stops(Map<Stoppable, Stop> all) {
    public static final Stops NONE = new Stops(Map.of());

    /** Why, in an admin's words, and since when. */
    public record Stop(String reason, Instant since) {}

    public Stops {
        all = Map.copyOf(all);
    }

    public Optional<Stop> of(Stoppable stoppable) {
        return Optional.ofNullable(all.get(stoppable));
    }

    boolean cover(ServerSlug server) {
        return holds(new Stoppable.Server(server));
    }

    boolean cover(ToolRef tool) {
        return holds(new Stoppable.Tool(tool)) || cover(tool.server());
    }

    boolean cover(ApiKey key) {
        return cover(key.owner());
    }

    /** True for whoever may do nothing, under whichever spelling of the name. */
    boolean cover(String subject) {
        return !all.isEmpty() && holds(new Stoppable.Owner(Person.of(subject)));
    }

    /** True if the person is stopped, not the whole tenant. */
    public boolean covers(String subject) {
        return !all.isEmpty() && all.containsKey(new Stoppable.Owner(Person.of(subject)));
    }

    private boolean holds(Stoppable stoppable) {
        return !all.isEmpty()
                && (all.containsKey(stoppable) || all.containsKey(new Stoppable.Tenant()));
    }
}
