package io.sallyport.store;

import io.sallyport.admin.AuditReader.Found;
import io.sallyport.admin.UsageQuery;
import io.sallyport.admin.UsageQuery.Dimension;
import io.sallyport.policy.TenantId;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Sums over what the index has of the logs, as a statement and as a page of its answer. */
final class UsageSums {
    static final int PAGE = 100;

    private static final String SUMS =
            """
            select of_what, count(*) filter (where kind = 'call.intent') as calls,
                count(*) filter (where kind = 'call.denied') as denied,
                count(*) filter (where kind = 'approval.requested') as waiting,
                count(*) filter (where kind = 'chat.request') as runs,
                count(*) filter (where kind = 'chat.response' and input is null
                    and output is null) as uncounted,
                coalesce(sum(input), 0)::text as input, coalesce(sum(output), 0)::text as output
            from (select %s collate "C" as of_what, kind, input, output from audit_search
                where log = any (?) and ts >= ? and ts < ?
                    and kind in (%s)) records
            where of_what is not null and of_what > ?
            group by of_what order by of_what limit %d
            """;

    private static final String CALLS = "'call.intent', 'call.denied', 'approval.requested'";
    private static final String RUNS = "'chat.request', 'chat.response'";

    private final UsageQuery query;
    private final String sql;
    private final List<Object> values = new ArrayList<>();

    UsageSums(List<TenantId> tenants, UsageQuery query) {
        this.query = query;
        sql = SUMS.formatted(column(query.by()), kinds(query.by()), PAGE + 1);
        values.add(tenants.stream().map(TenantId::value).toArray(String[]::new));
        values.add(AuditSearch.micros(query.from()));
        values.add(AuditSearch.micros(query.to()));
        values.add(query.by() == Dimension.TENANT ? "" : query.after().orElse(""));
    }

    String sql() {
        return sql;
    }

    List<Object> values() {
        return values;
    }

    private static String column(Dimension by) {
        return switch (by) {
            case TENANT -> "log";
            case KEY -> "client";
            case MODEL -> "model";
            case TOOL -> "(coalesce(server, '') || '/' || tool)";
            case DAY -> "to_char(date '1970-01-01' + (ts / 86400000000)::int, 'YYYY-MM-DD')";
        };
    }

    /** A call names no model, a run no tool. */
    private static String kinds(Dimension by) {
        return switch (by) {
            case TENANT, KEY, DAY -> CALLS + ", " + RUNS;
            case MODEL -> RUNS;
            case TOOL -> CALLS;
        };
    }

    record Sum(String ofWhat, ObjectNode json) {}

    Sum read(ResultSet row, int number) throws SQLException {
        var ofWhat = row.getString("of_what");
        var json = JsonNodeFactory.instance.objectNode();
        if (query.by() == Dimension.TOOL) {
            int slash = ofWhat.indexOf('/');
            json.put("server", ofWhat.substring(0, slash));
            json.put("tool", ofWhat.substring(slash + 1));
        } else {
            json.put(query.by().code(), ofWhat);
        }
        if (query.by() != Dimension.MODEL) {
            json.put("calls", row.getLong("calls"))
                    .put("denied", row.getLong("denied"))
                    .put("waiting", row.getLong("waiting"));
        }
        if (query.by() != Dimension.TOOL) {
            runs(row, json);
        }
        return new Sum(ofWhat, json);
    }

    private static void runs(ResultSet row, ObjectNode json) throws SQLException {
        json.put("runs", row.getLong("runs"))
                .put("runs_without_tokens", row.getLong("uncounted"))
                .putObject("tokens")
                .put("input", new BigInteger(row.getString("input")))
                .put("output", new BigInteger(row.getString("output")));
    }

    Found page(List<Sum> found) {
        var page = found.subList(0, Math.min(PAGE, found.size()));
        return new Found.Page(
                page.stream().map(Sum::json).toList(),
                found.size() > PAGE ? Optional.of(page.getLast().ofWhat()) : Optional.empty());
    }
}
