package io.sallyport.admin;

import io.sallyport.catalog.Toolset;
import io.sallyport.identity.ApiKey;
import io.sallyport.identity.Caller;
import io.sallyport.policy.Policy;
import io.sallyport.policy.TenantId;
import io.sallyport.provider.ModelAlias;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What governs a tenant, on disk. Every change is recorded in the transaction that makes it, and is
 * in force for the next decision once the method has returned.
 */
public interface TenantSettings {
    /** Makes a tenant; false if it exists. */
    boolean create(TenantId tenant, Caller by);

    List<TenantId> tenants();

    /** Where people of the tenant ask for access; empty if it names no page. */
    Optional<String> accessPage(TenantId tenant);

    /**
     * @param page empty for none
     */
    void nameAccessPage(TenantId tenant, String page, Caller by);

    void addKey(ApiKey key, Caller by);

    /**
     * Replaces everything about a key but its secret and whether it is blocked.
     *
     * @param seen the governance sequence of the view from which {@code key} was computed
     * @return false if the key changed since; nothing is changed then
     */
    boolean changeKey(ApiKey key, long seen, Caller by);

    /** Blocks a key, for good. */
    void revokeKey(ApiKey key, Caller by);

    PublishedPolicy publish(TenantId tenant, Policy policy, String document, Caller by);

    /** The policy in force. */
    Optional<PublishedPolicy> policy(TenantId tenant);

    /** A policy that is or was in force. */
    Optional<PublishedPolicy> policy(TenantId tenant, String digest);

    void putToolset(TenantId tenant, Toolset toolset, Caller by);

    boolean removeToolset(TenantId tenant, String name, Caller by);

    void putModel(TenantId tenant, ModelAlias model, Caller by);

    /**
     * Replaces an alias by what an admin made of it.
     *
     * @param seen the governance sequence of the view in which the alias was {@code before}
     * @return false if the alias changed since; nothing is changed then
     */
    boolean changeModel(TenantId tenant, ModelAlias before, ModelAlias after, long seen, Caller by);

    boolean removeModel(TenantId tenant, String alias, Caller by);

    /**
     * @param version counted from 1 in each tenant
     */
    record PublishedPolicy(String digest, long version, String document, Instant published) {}
}
