package io.sallyport.policy;

import java.util.regex.Pattern;

/**
 * The name of a tenant: 1 to 63 characters of {@code a-z 0-9 -}, starting and ending with a letter
 * or digit. {@link #SYSTEM} is the one exception; it owns what belongs to no tenant.
 */
public record TenantId(String value) {
    private static final Pattern SHAPE =
            Pattern.compile("_system|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** Owner of the records and resources of the platform itself. */
    public static final TenantId SYSTEM = new TenantId("_system");

    public TenantId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a tenant id");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
