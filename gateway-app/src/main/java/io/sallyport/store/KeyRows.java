package io.sallyport.store;

import io.sallyport.identity.ApiKey;
import io.sallyport.identity.Caller;
import io.sallyport.identity.KeyKind;
import io.sallyport.policy.Person;
import io.sallyport.policy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API keys as rows. */
final class KeyRows {
    private KeyRows() {}

    private record Document(
            String owner,
            KeyKind kind,
            Set<String> groups,
            Set<String> roles,
            @Nullable Set<String> models,
            @Nullable List<String> toolsets,
            @Nullable Instant expires,
            @Nullable String name) {}

    static String document(ApiKey key) {
        return Documents.write(
                new Document(
                        key.owner(),
                        key.kind(),
                        key.groups(),
                        key.roles(),
                        key.models().orElse(null),
                        key.toolsets().orElse(null),
                        key.expires().orElse(null),
                        key.about().name()));
    }

    /** Who holds the text of a key that {@code by} makes beside its owner; empty for nobody. */
    static String issuer(Caller by) {
        var principal = by.principal();
        return principal.roles().contains("platform-admin")
                ? ""
                : Person.of(principal.subject()).name();
    }

    static ApiKey read(ResultSet row, int number) throws SQLException {
        var document = Documents.read(row.getString("document"), Document.class);
        return new ApiKey(
                row.getString("id"),
                new TenantId(row.getString("tenant")),
                row.getBytes("mac"),
                document.owner(),
                document.kind(),
                document.groups(),
                document.roles(),
                Optional.ofNullable(document.models()),
                Optional.ofNullable(document.toolsets()),
                Optional.ofNullable(document.expires()),
                row.getBoolean("blocked"),
                new ApiKey.About(
                        Objects.requireNonNullElse(document.name(), ""),
                        row.getTimestamp("created").toInstant()));
    }
}
