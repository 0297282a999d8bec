package io.sallyport.store;

import io.sallyport.admin.AuditQuery;
import io.sallyport.admin.AuditQuery.Field;
import io.sallyport.admin.AuditQuery.Place;
import io.sallyport.policy.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * One page of a search as a statement: places from the index first, then the leaf at each of them,
 * one by one ({@code offset 0} keeps a planner that guesses wrong from reading all leaves instead).
 */
final class AuditSearch {
    static final int PAGE = 100;

    private final StringBuilder sql =
            new StringBuilder(
                    """
                    select p.ts, r.* from (select ts, index from audit_search where log = ?\
                    """);
    private final List<Object> values = new ArrayList<>();

    /**
     * @param query a principal in it is a pseudonym already
     */
    AuditSearch(TenantId tenant, AuditQuery query) {
        values.add(tenant.value());
        query.terms().forEach(this::term);
        query.from().ifPresent(it -> and("ts >= ?", micros(it)));
        query.to().ifPresent(it -> and("ts < ?", micros(it)));
        query.before().ifPresent(this::before);
        sql.append(" order by ts desc, index desc limit ").append(PAGE + 1);
        sql.append(
                """
                ) p cross join lateral (
                    select l.index, i.writer, i.epoch, i.wseq, i.leaf from audit_leaf l
                    join audit_intake i on i.log = l.log and i.writer = l.writer
                        and i.epoch = l.epoch and i.wseq = l.wseq
                    where l.log = ? and l.index = p.index offset 0) r
                order by p.ts desc, p.index desc
                """);
        values.add(tenant.value());
    }

    String sql() {
        return sql.toString();
    }

    List<Object> values() {
        return values;
    }

    private void term(Field field, String value) {
        switch (field) {
            case PRINCIPAL -> and("principal = ?", value);
            case KEY -> and("client = ?", value);
            case SERVER -> and("server = ?", value);
            case TOOL -> and("tool = audit_term(?)", value);
            case KIND -> and("kind = ?", value);
            case DECISION -> and("decision = ?", value);
            case RUN -> and("run = ?", value);
            case STATUS -> and("status = ?", value);
        }
    }

    private void before(Place place) {
        and("(ts, index) < (?, ?)", place.micros(), place.index());
    }

    private void and(String condition, Object... parameters) {
        sql.append(" and ").append(condition);
        values.addAll(List.of(parameters));
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
