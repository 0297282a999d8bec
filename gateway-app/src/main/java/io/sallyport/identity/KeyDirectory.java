package io.sallyport.identity;

import java.util.Optional;

/** Every key of every tenant, in memory. */
public interface KeyDirectory {
    Optional<ApiKey> byId(String id);
}
