package io.sallyport.admin;

import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The log as its readers see it. Every reading is recorded first. */
public interface AuditReader {
    /** Records of one tenant, newest first, a hundred a page. One search of a tenant at a time. */
    Found find(TenantId tenant, AuditQuery query, Caller by) throws InterruptedException;

    /**
     * Sums over the logs of tenants, a hundred a page, in order. A search of the first of them.
     *
     * @param tenants at least one
     */
    Found usage(List<TenantId> tenants, UsageQuery query, Caller by) throws InterruptedException;

    Optional<ObjectNode> record(TenantId tenant, String id, Caller by);

    /** A signed checkpoint of the tenant's log that covers everything acknowledged so far. */
    String checkpoint(TenantId tenant);

    /** The answer to {@link #find} and {@link #usage}. */
    sealed interface Found {
        /**
         * @param next cursor of the next page, absent on the last
         */
        record Page(List<ObjectNode> items, Optional<String> next) implements Found {
            public Page {
                items = List.copyOf(items);
            }
        }

        /** Another search of the tenant is under way, or too many of all tenants. */
        record Busy() implements Found {}

        /** Could not be answered in time: the query must say more, a shorter time above all. */
        record TooBroad() implements Found {}

        /** A log that was written before there was an index is still being taken into it. */
        record StillIndexing() implements Found {}
    }
}
