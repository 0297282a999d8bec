package io.sallyport.identity;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who sent a request, as the authentication filter found it.
 *
 * @param requestId the {@code x-request-id} of the answer: the client's if it is harmless, else
 *     ours
 */
public record Caller(ApiKey key, String requestId) {
    private static final String ATTRIBUTE = Caller.class.getName();

    /**
     * The caller of an authenticated exchange; a route without authentication has none and fails.
     */
    public static Caller of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    /** The caller of an exchange, or empty on a public route. */
    public static Optional<Caller> find(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    public Principal principal() {
        return key.principal();
    }

    /** The same person at work in another tenant, which only a platform admin ever is. */
    public Caller actingIn(TenantId tenant) {
        return tenant.equals(key.tenant()) ? this : new Caller(key.actingIn(tenant), requestId);
    }
}
