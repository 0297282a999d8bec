package io.sallyport.admin;

import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The log as its readers see it. Every reading is recorded first. */
public interface AuditReader {
    /**
     * Records of one tenant, newest first.
     *
     * @param filters by the names of the query parameters; unknown names are the caller's mistake
     * @param before only records with a smaller index, for the next page
     */
    Page find(TenantId tenant, Map<String, String> filters, Optional<Long> before, Caller by);

    Optional<ObjectNode> record(TenantId tenant, String id, Caller by);

    /** A signed checkpoint of the tenant's log that covers everything acknowledged so far. */
    String checkpoint(TenantId tenant);

    /**
     * @param next where the next page begins, absent on the last
     */
    record Page(List<ObjectNode> items, Optional<Long> next) {
        public Page {
            items = List.copyOf(items);
        }
    }
}
