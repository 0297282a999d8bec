package io.sallyport.identity;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An API key as it is stored: without its secret.
 *
 * @param mac HMAC-SHA-256 of the secret under the installation's pepper
 * @param models model aliases the key may use, absent for all
 * @param toolsets bound and default of its tools, absent for no bound and no default
 * @param about what decides nothing
 */
public record ApiKey(
        String id,
        TenantId tenant,
        byte[] mac,
        String owner,
        KeyKind kind,
        Set<String> groups,
        Set<String> roles,
        Optional<Set<String>> models,
        Optional<List<String>> toolsets,
        Optional<Instant> expires,
        boolean blocked,
        About about) {

    /**
     * What people want to know of a key.
     *
     * @param name empty for none
     * @param created the store says so of a key that it holds
     */
    public record About(String name, Instant created) {
        /** A new key without a name. */
        public static final About NONE = new About("", Instant.EPOCH);
    }

    public Principal principal() {
        return new Principal(tenant, owner, id, groups, roles);
    }

    ApiKey actingIn(TenantId other) {
        return new ApiKey(
                id, other, mac, owner, kind, groups, roles, models, toolsets, expires, blocked,
                about);
    }

    /** The same key, refused from now on. */
    public ApiKey block() {
        return new ApiKey(
                id, tenant, mac, owner, kind, groups, roles, models, toolsets, expires, true,
                about);
    }

    public boolean usableAt(Instant now) {
        return !blocked && expires.map(now::isBefore).orElse(true);
    }

    @Override
    public String toString() {
        return "ApiKey[" + id + "]";
    }
}
