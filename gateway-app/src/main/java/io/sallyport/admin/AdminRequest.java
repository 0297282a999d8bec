package io.sallyport.admin;

import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.TenantView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
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

    /** A URI that is filtered by may be long; nothing else of ours is. */
    private static final int MAX_VALUE = 2_048;

    TenantId tenant() {
        return view.tenant();
    }

    /** The same request as if it had come with another body. */
    AdminRequest saying(byte[] other) {
        return new AdminRequest(http, caller, view, other);
    }

    String path(String variable) {
        var value = http.pathVariable(variable);
        if (value.length() > MAX_NAME || value.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.notFound();
        }
        return value;
    }

    /**
     * The value of a query parameter. One that is given twice, or not as {@code name=value}, could
     * be read in two ways and is refused; so is text that nothing of ours can be.
     */
    Optional<String> query(String name) {
        var values = parameters().getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Refusal.invalid(name + " is given more than once.");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(value(name, values.getFirst()));
    }

    private static String value(String name, @Nullable String value) {
        if (value == null
                || value.length() > MAX_VALUE
                || value.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.invalid(name + " must have a plain value.");
        }
        return value;
    }

    /** Refuses query parameters that the call does not know: a misspelled filter shows too much. */
    void acceptOnly(Set<String> names) {
        for (var name : parameters().keySet()) {
            if (!names.contains(name)) {
                throw Refusal.invalid(Closest.unknown("filter", name, names));
            }
        }
    }

    /** The same as {@link #query} of a parameter that has a closed set of values. */
    Optional<String> query(String name, Set<String> values) {
        var value = query(name);
        if (value.isPresent() && !values.contains(value.get())) {
            throw Refusal.invalid(Closest.unknown(name, value.get(), values));
        }
        return value;
    }

    private MultiValueMap<String, String> parameters() {
        try {
            return http.queryParams();
        } catch (IllegalArgumentException _) { // a % that begins nothing
            throw Refusal.invalid("The query is malformed.");
        }
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(http.headers().firstHeader(name));
    }

    boolean hasRole(String role) {
        return caller.principal().roles().contains(role);
    }

    /** A platform admin who names no tenant asks about each. */
    boolean isAboutAll() {
        return hasRole("platform-admin") && header(AdminDesk.TENANT).isEmpty();
    }
}
