package io.sallyport.store;

import io.sallyport.audit.RecordId;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.policy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Records as their readers see them, people by name where their names are still kept. */
final class AuditItems {
    private final Database database;

    AuditItems(Database database) {
        this.database = database;
    }

    record Row(long index, String record, byte[] leaf) {
        static Row read(ResultSet row, int number) throws SQLException {
            var id =
                    new RecordId(
                            row.getString("writer"), row.getLong("epoch"), row.getLong("wseq"));
            return new Row(row.getLong("index"), id.toString(), row.getBytes("leaf"));
        }
    }

    List<ObjectNode> of(TenantId tenant, List<Row> rows) {
        var leaves = rows.stream().map(it -> parse(it.leaf())).toList();
        var people = people(tenant, leaves.stream().map(AuditItems::subject).distinct().toList());
        var items = new java.util.ArrayList<ObjectNode>();
        for (int i = 0; i < rows.size(); i++) {
            items.add(item(rows.get(i), leaves.get(i), people));
        }
        return items;
    }

    private Map<String, String> people(TenantId tenant, List<String> pseudonyms) {
        var people = new HashMap<String, String>();
        database.jdbc()
                .sql(
                        "select pseudonym, subject from audit_keys.pseudonym"
                                + " where tenant = ? and pseudonym = any (?)")
                .params(tenant.value(), pseudonyms.toArray(String[]::new))
                .query((row, _) -> people.put(row.getString(1), row.getString(2)))
                .list();
        return people;
    }

    private static String subject(JsonNode leaf) {
        return leaf.at("/who/subject").asString("");
    }

    private static ObjectNode item(Row row, JsonNode leaf, Map<String, String> people) {
        var item = JsonNodeFactory.instance.objectNode();
        item.put("record", row.record()).put("index", row.index());
        copy(leaf, "/kind", item, "kind");
        copy(leaf, "/what/op", item, "op");
        item.put("ts", Instant.EPOCH.plus(leaf.path("ts").asLong(), ChronoUnit.MICROS).toString());
        copy(leaf, "/who/tenant", item, "tenant");
        item.put("principal", people.getOrDefault(subject(leaf), subject(leaf)));
        copy(leaf, "/who/client", item, "client");
        copy(leaf, "/what/tool/server", item, "server");
        copy(leaf, "/what/tool/name", item, "tool");
        copy(leaf, "/what/tool/descriptor", item, "descriptor_digest");
        copy(leaf, "/what/tool/risk", item, "risk");
        copy(leaf, "/what/tool/risk_set", item, "risk_set");
        copy(leaf, "/what/tool/unjudged", item, "unjudged");
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
        copy(leaf, "/what/model", item, "model");
        copy(leaf, "/result/tokens", item, "tokens");
        copy(leaf, "/what/turn/run", item, "run");
        copy(leaf, "/trace/request", item, "request_id");
        if (leaf.has("change")) {
            item.set("change", leaf.get("change"));
        }
        return item;
    }

    static JsonNode parse(byte[] leaf) {
        try {
            return StrictJson.read(leaf);
        } catch (MalformedJson _) {
            return JsonNodeFactory.instance.objectNode().put("kind", "unreadable");
        }
    }

    static void copy(JsonNode leaf, String pointer, ObjectNode item, String name) {
        var value = leaf.at(pointer);
        if (!value.isMissingNode()) {
            item.set(name, value);
        }
    }
}
