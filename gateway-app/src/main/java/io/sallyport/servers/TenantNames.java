package io.sallyport.servers;

import io.sallyport.policy.TenantId;
import java.util.List;

/** Every tenant there is. */
public interface TenantNames {
    List<TenantId> all();
}
