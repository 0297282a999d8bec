package io.sallyport.policy;

import java.util.Set;

/**
 * Who asks.
 *
 * @param subject the owner, in the form {@code user:ada} or {@code service:ci}
 * @param credential id of the key that was shown, never the key itself
 * @param groups groups of the owner, without the {@code group:} prefix
 * @param roles roles of the credential, without the {@code role:} prefix
 * @param keyGroups groups of the key, without the {@code key-group:} prefix; a namespace of its
 *     own, so that whoever issues keys cannot put them into a group of people
 * @param client the OAuth client that asks for the subject, empty if there is none
 */
public record Principal(
        TenantId tenant,
        String subject,
        String credential,
        Set<String> groups,
        Set<String> roles,
        Set<String> keyGroups,
        String client) {
    public Principal {
        groups = Set.copyOf(groups);
        roles = Set.copyOf(roles);
        keyGroups = Set.copyOf(keyGroups);
    }

    /** A principal without key groups and without an OAuth client. */
    public Principal(
            TenantId tenant,
            String subject,
            String credential,
            Set<String> groups,
            Set<String> roles) {
        this(tenant, subject, credential, groups, roles, Set.of(), "");
    }
}
