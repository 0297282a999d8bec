package io.sallyport.tenant;

import io.sallyport.catalog.Toolset;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Policy;
import io.sallyport.policy.ServerSlug;
import io.sallyport.provider.ModelAlias;
import java.util.Optional;

/** One part of a view, as it is now; an empty one is gone. */
public sealed interface ViewPart {
    record OfPolicy(Policy now) implements ViewPart {}

    record OfServer(ServerSlug slug, Optional<ListedServer> now) implements ViewPart {}

    record OfToolset(String name, Optional<Toolset> now) implements ViewPart {}

    record OfModel(String alias, Optional<ModelAlias> now) implements ViewPart {}

    record OfKey(String id, Optional<ApiKey> now) implements ViewPart {}

    record OfStops(Stops now) implements ViewPart {}
}
