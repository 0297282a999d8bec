package io.sallyport.store;

import io.sallyport.admin.AuditReader;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.RecordId;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.gate.AuditTrail;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the log of one tenant. */
final class AuditRows implements AuditReader {
    private static final int PAGE = 100;

    private final Database database;
    private final Integrator integrator;
    private final AuditTrail trail;
    private final AdminRecords records;
    private final CheckpointSigner signer;

    AuditRows(StoreParts parts, Integrator integrator, AuditTrail trail, CheckpointSigner signer) {
        database = parts.database();
        this.integrator = integrator;
        this.trail = trail;
        records = parts.records();
        this.signer = signer;
    }

    private record Row(long index, String record, byte[] leaf) {}

    @Override
    public Page find(
            TenantId tenant, Map<String, String> filters, Optional<Long> before, Caller by) {
        note(tenant, by);
        return Database.read(() -> page(tenant, filters, before));
    }

    private Page page(TenantId tenant, Map<String, String> filters, Optional<Long> before) {
        integrator.catchUp();
        var rows = rows(tenant, filters, before);
        var more = rows.size() > PAGE;
        var page = more ? rows.subList(0, PAGE) : rows;
        return new Page(
                page.stream().map(it -> item(tenant, it)).toList(),
                more ? Optional.of(page.getLast().index()) : Optional.empty());
    }

    /** Who read the log is itself in the log, before anything is shown. */
    private void note(TenantId tenant, Caller by) {
        var entry = records.by(by, tenant, Kind.AUDIT_READ, Change.NONE);
        switch (trail.submit(entry).join()) {
            case AuditTrail.Appended.Written _ -> {}
            case AuditTrail.Appended.Stale _,
                    AuditTrail.Appended.Duplicate _,
                    AuditTrail.Appended.Unavailable _ ->
                    throw new StoreUnavailable(new IllegalStateException("not recorded"));
        }
    }

    private List<Row> rows(TenantId tenant, Map<String, String> filters, Optional<Long> before) {
        var sql =
                new StringBuilder(
                        """
                        select l.index, i.writer, i.epoch, i.wseq, i.leaf
                        from audit_leaf l join audit_intake i on i.log = l.log
                            and i.writer = l.writer and i.epoch = l.epoch and i.wseq = l.wseq
                        where l.log = ?
                        """);
        var values = new ArrayList<Object>(List.of(tenant.value()));
        before.ifPresent(it -> add(sql, values, "l.index < ?", it));
        filters.forEach((name, value) -> filter(tenant, sql, values, Map.entry(name, value)));
        sql.append(" order by l.index desc limit ").append(PAGE + 1);
        return database.jdbc().sql(sql.toString()).params(values).query(AuditRows::row).list();
    }

    private void filter(
            TenantId tenant,
            StringBuilder sql,
            List<Object> values,
            Map.Entry<String, String> filter) {
        var value = filter.getValue();
        switch (filter.getKey()) {
            case "kind" -> add(sql, values, "i.kind = ?", value);
            case "from" -> add(sql, values, "i.ts >= ?", micros(value));
            case "to" -> add(sql, values, "i.ts < ?", micros(value));
            case "principal" -> add(sql, values, member("{who,subject}"), pseudonym(tenant, value));
            case "server" -> add(sql, values, member("{what,tool,server}"), value);
            case "tool" -> add(sql, values, member("{what,tool,name}"), value);
            case "decision" -> add(sql, values, member("{decision,effect}"), value);
            case "run" -> add(sql, values, member("{what,turn,run}"), value);
            default -> throw new IllegalArgumentException("unknown filter");
        }
    }

    private static String member(String path) {
        return "convert_from(i.leaf, 'UTF8')::jsonb #>> '" + path + "' = ?";
    }

    private static void add(
            StringBuilder sql, List<Object> values, String condition, Object value) {
        sql.append(" and ").append(condition);
        values.add(value);
    }

    private static long micros(String time) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
        } catch (DateTimeParseException _) {
            return Long.MAX_VALUE;
        }
    }

    private String pseudonym(TenantId tenant, String subject) {
        return database.jdbc()
                .sql("select pseudonym from audit_keys.pseudonym where tenant = ? and subject = ?")
                .params(tenant.value(), subject)
                .query(String.class)
                .optional()
                .orElse("");
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        var id = new RecordId(row.getString("writer"), row.getLong("epoch"), row.getLong("wseq"));
        return new Row(row.getLong("index"), id.toString(), row.getBytes("leaf"));
    }

    @Override
    public Optional<ObjectNode> record(TenantId tenant, String id, Caller by) {
        note(tenant, by);
        return RecordId.parse(id).flatMap(it -> Database.read(() -> found(tenant, it)));
    }

    private Optional<ObjectNode> found(TenantId tenant, RecordId id) {
        integrator.catchUp();
        return database.jdbc()
                .sql(
                        """
                        select l.index, i.writer, i.epoch, i.wseq, i.leaf
                        from audit_leaf l join audit_intake i on i.log = l.log
                            and i.writer = l.writer and i.epoch = l.epoch and i.wseq = l.wseq
                        where l.log = ? and l.writer = ? and l.epoch = ? and l.wseq = ?
                        """)
                .params(tenant.value(), id.writer(), id.epoch(), id.sequence())
                .query(AuditRows::row)
                .optional()
                .map(it -> item(tenant, it));
    }

    private ObjectNode item(TenantId tenant, Row row) {
        var leaf = parse(row.leaf());
        var item = JsonNodeFactory.instance.objectNode();
        item.put("record", row.record()).put("index", row.index());
        copy(leaf, "/kind", item, "kind");
        copy(leaf, "/what/op", item, "op");
        item.put("ts", Instant.EPOCH.plus(leaf.path("ts").asLong(), ChronoUnit.MICROS).toString());
        copy(leaf, "/who/tenant", item, "tenant");
        item.put("principal", person(tenant, leaf.at("/who/subject").asString("")));
        copy(leaf, "/who/client", item, "client");
        copy(leaf, "/what/tool/server", item, "server");
        copy(leaf, "/what/tool/name", item, "tool");
        copy(leaf, "/what/tool/descriptor", item, "descriptor_digest");
        copy(leaf, "/what/args/commitment", item, "args_commitment");
        copy(leaf, "/decision/effect", item, "decision");
        copy(leaf, "/decision/rule", item, "rule");
        copy(leaf, "/change/reason", item, "reason");
        copy(leaf, "/decision/reason", item, "reason");
        copy(leaf, "/decision/policy", item, "policy_digest");
        copy(leaf, "/decision/approvals/0/id", item, "approval");
        copy(leaf, "/result/intent", item, "intent");
        copy(leaf, "/result/status", item, "status");
        copy(leaf, "/result/code", item, "code");
        copy(leaf, "/result/cause", item, "cause");
        copy(leaf, "/result/latency_us", item, "latency_us");
        copy(leaf, "/what/turn/run", item, "run");
        copy(leaf, "/trace/request", item, "request_id");
        if (leaf.has("change")) {
            item.set("change", leaf.get("change"));
        }
        return item;
    }

    private static JsonNode parse(byte[] leaf) {
        try {
            return StrictJson.read(leaf);
        } catch (MalformedJson _) {
            return JsonNodeFactory.instance.objectNode().put("kind", "unreadable");
        }
    }

    private static void copy(JsonNode leaf, String pointer, ObjectNode item, String name) {
        var value = leaf.at(pointer);
        if (!value.isMissingNode()) {
            item.set(name, value);
        }
    }

    private String person(TenantId tenant, String pseudonym) {
        if (pseudonym.isEmpty()) {
            return "";
        }
        return database.jdbc()
                .sql("select subject from audit_keys.pseudonym where tenant = ? and pseudonym = ?")
                .params(tenant.value(), pseudonym)
                .query(String.class)
                .optional()
                .orElse(pseudonym);
    }

    @Override
    public String checkpoint(TenantId tenant) {
        return Database.read(() -> {
            integrator.catchUp();
            return signer.sign(tenant.value());
        });
    }
}
