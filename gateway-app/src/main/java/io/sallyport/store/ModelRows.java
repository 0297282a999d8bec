package io.sallyport.store;

import io.sallyport.policy.TenantId;
import io.sallyport.upstream.ModelAlias;
import io.sallyport.upstream.ModelTarget;
import io.sallyport.upstream.RunLimits;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Model aliases as rows; the providers' keys are sealed apart from the rest. */
final class ModelRows {
    private final Database database;
    private final Sealer sealer;

    ModelRows(Database database, Sealer sealer) {
        this.database = database;
        this.sealer = sealer;
    }

    private record Target(String provider, String baseUrl, String model, List<String> egress) {}

    private record Document(List<Target> targets, @Nullable String toolset, RunLimits limits) {}

    static String document(ModelAlias model) {
        var targets =
                model.targets().stream()
                        .map(it ->
                                new Target(
                                        it.provider(),
                                        it.baseUrl().toString(),
                                        it.model(),
                                        it.egressAllow()))
                        .toList();
        return Documents.write(new Document(targets, model.toolset().orElse(null), model.limits()));
    }

    byte[] secrets(TenantId tenant, ModelAlias model) {
        var keys = model.targets().stream().map(it -> it.apiKey().orElse("")).toList();
        return sealer.seal(
                Documents.write(keys).getBytes(StandardCharsets.UTF_8),
                context(tenant, model.alias()));
    }

    private static String context(TenantId tenant, String alias) {
        return "model/" + tenant + "/" + alias;
    }

    List<ModelAlias> all(TenantId tenant) {
        return database.jdbc()
                .sql("select alias, document, secrets from model where tenant = ?")
                .param(tenant.value())
                .query((row, _) -> read(tenant, row))
                .list();
    }

    Optional<ModelAlias> find(TenantId tenant, String alias) {
        return database.jdbc()
                .sql("select alias, document, secrets from model where tenant = ? and alias = ?")
                .params(tenant.value(), alias)
                .query((row, _) -> read(tenant, row))
                .optional();
    }

    private ModelAlias read(TenantId tenant, ResultSet row) throws SQLException {
        var alias = row.getString("alias");
        var document = Documents.read(row.getString("document"), Document.class);
        var keys =
                Documents.read(
                        new String(
                                sealer.open(row.getBytes("secrets"), context(tenant, alias)),
                                StandardCharsets.UTF_8),
                        new TypeReference<List<String>>() {});
        var targets = new ArrayList<ModelTarget>();
        for (int i = 0; i < document.targets().size(); i++) {
            targets.add(target(document.targets().get(i), keys.get(i)));
        }
        return new ModelAlias(
                alias, targets, Optional.ofNullable(document.toolset()), document.limits());
    }

    private static ModelTarget target(Target stored, String key) {
        return new ModelTarget(
                stored.provider(),
                URI.create(stored.baseUrl()),
                stored.model(),
                Optional.of(key).filter(it -> !it.isEmpty()),
                stored.egress());
    }
}
