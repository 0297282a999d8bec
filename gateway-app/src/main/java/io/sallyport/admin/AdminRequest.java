package io.sallyport.admin;

import io.sallyport.gate.TenantView;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * One admin request, authenticated, with its whole body.
 *
 * @param caller acting in {@code view}'s tenant
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record AdminRequest(ServerRequest http, Caller caller, TenantView view, byte[] body) {
    /** Nothing that we name is longer. */
    private static final int MAX_NAME = 256;

    TenantId tenant() {
        return view.tenant();
    }

    String path(String variable) {
        var value = http.pathVariable(variable);
        if (value.length() > MAX_NAME || value.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.notFound();
        }
        return value;
    }

    Optional<String> query(String name) {
        return http.queryParam(name);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(http.headers().firstHeader(name));
    }

    boolean hasRole(String role) {
        return caller.principal().roles().contains(role);
    }
}
