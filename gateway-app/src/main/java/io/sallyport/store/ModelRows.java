package io.sallyport.store;

import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.egress.Origin;
import io.sallyport.policy.TenantId;
import io.sallyport.provider.ModelAlias;
import io.sallyport.provider.ModelTarget;
import io.sallyport.provider.RunLimits;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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

    /** {@code egress} is what targets had that were stored before there was more to permit. */
    private record Target(
            String provider,
            String baseUrl,
            String model,
            @Nullable List<String> egress,
            @Nullable EgressTerms terms) {}

    private record Document(List<Target> targets, @Nullable String toolset, RunLimits limits) {}

    /** What a record says of an alias that is put. */
    static Change change(ModelAlias model) {
        return Change.of("model:" + model.alias(), "", "").reason(permitted(model));
    }

    /** What a record says of an alias that is changed: the places of targets, where these moved. */
    static Change change(ModelAlias before, ModelAlias after) {
        var told = Change.of("model:" + after.alias(), places(before), places(after));
        var keys = keys(before).equals(keys(after)) ? "" : "secret ";
        return told.reason((keys + permitted(after)).strip());
    }

    private static List<String> keys(ModelAlias model) {
        return model.targets().stream().map(it -> it.apiKey().orElse("")).toList();
    }

    private static String places(ModelAlias model) {
        return model.targets().stream()
                .map(it -> Origin.of(it.baseUrl().toString()).toString())
                .collect(Collectors.joining(" "));
    }

    private static String permitted(ModelAlias model) {
        return model.targets().stream()
                .flatMap(it -> it.egress().words().stream())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    static String document(ModelAlias model) {
        var targets =
                model.targets().stream()
                        .map(it ->
                                new Target(
                                        it.provider(),
                                        it.baseUrl().toString(),
                                        it.model(),
                                        null,
                                        it.egress()))
                        .toList();
        return Documents.write(new Document(targets, model.toolset().orElse(null), model.limits()));
    }

    byte[] secrets(TenantId tenant, ModelAlias model) {
        var keys = model.targets().stream().map(it -> it.apiKey().orElse("")).toList();
        return sealer.seal(
                Documents.write(keys).getBytes(StandardCharsets.UTF_8),
                context(tenant, model.alias()));
    }

    /** What the keys of a model are sealed in. */
    static String context(TenantId tenant, String alias) {
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
                Documents.terms(stored.terms(), stored.egress()));
    }
}
