package io.sallyport.store;

import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a change changed of all that governs a tenant.
 *
 * @param key which one of that part; empty where there is only one
 * @param seen the governance sequence of the view from which the change was computed; given, the
 *     change is undone if its part has changed since
 */
record Governed(TenantId tenant, Part part, String key, OptionalLong seen) {
    /** What is read again by itself. */
    enum Part {
        POLICY,
        SERVER,
        TOOLSET,
        MODEL,
        KEY,
        STOPS,
        /** Whatever is none of the others. */
        EVERYTHING;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Governed of(TenantId tenant, Part part, String key) {
        return new Governed(tenant, part, key, OptionalLong.empty());
    }

    static Governed server(TenantId tenant, ServerSlug slug) {
        return of(tenant, Part.SERVER, slug.value());
    }

    Governed unlessChangedSince(long sequence) {
        return new Governed(tenant, part, key, OptionalLong.of(sequence));
    }
}
