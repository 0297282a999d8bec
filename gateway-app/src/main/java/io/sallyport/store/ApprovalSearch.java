package io.sallyport.store;

import io.sallyport.gate.ApprovalDesk.Page;
import io.sallyport.gate.ApprovalDesk.Query;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalState;
import io.sallyport.policy.Person;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Stoppable;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pages of a tenant's approvals: filtered, ordered and cut by the database, each by an index. */
final class ApprovalSearch {
    private static final int PAGE = 100;

    private final StringBuilder sql = new StringBuilder("select document from approval where");
    private final List<Object> values = new ArrayList<>();
    private final Instant now;

    private ApprovalSearch(TenantId tenant, Query query, Instant now) {
        this.now = now;
        sql.append(" tenant = ?");
        values.add(tenant.value());
        query.state().ifPresent(this::state);
        query.requester().ifPresent(it -> and("requester = ?", Person.of(it).name()));
        query.server().ifPresent(it -> and("server = ?", it));
        query.tool().ifPresent(it -> and("tool = audit_term(?)", it));
        query.after()
                .ifPresent(it ->
                        and(
                                "(created, id) < (select created, id from approval"
                                        + " where tenant = ? and id = ?)",
                                tenant.value(),
                                it));
        sql.append(" order by created desc, id desc limit ").append(PAGE + 1);
    }

    static Page page(Database database, TenantId tenant, Query query, Instant now) {
        var search = new ApprovalSearch(tenant, query, now);
        var found =
                database.jdbc()
                        .sql(search.sql.toString())
                        .params(search.values)
                        .query((row, _) -> Documents.read(row.getString(1), Approval.class).at(now))
                        .list();
        var page = found.size() > PAGE ? found.subList(0, PAGE) : found;
        return new Page(
                page, found.size() > PAGE ? Optional.of(page.getLast().id()) : Optional.empty());
    }

    /** Open approvals of what is stopped, or gone, locked; what has expired ended by itself. */
    static List<Approval> open(Database database, TenantId tenant, Stoppable what, int limit) {
        var sql =
                "select document from approval where tenant = ? and expires > now()"
                        + " and state in ('pending', 'approved')"
                        + scope(what)
                        + " order by id limit ? for update";
        var values = new ArrayList<Object>(List.of(tenant.value()));
        switch (what) {
            case Stoppable.Tenant _ -> {}
            case Stoppable.Server(var slug) -> values.add(slug.value());
            case Stoppable.Tool(var ref) ->
                    values.addAll(List.of(ref.server().value(), ref.tool()));
            case Stoppable.Owner(var person) -> values.add(person.name());
        }
        values.add(limit);
        return database.jdbc()
                .sql(sql)
                .params(values)
                .query((row, _) -> Documents.read(row.getString(1), Approval.class))
                .list();
    }

    private static String scope(Stoppable what) {
        return switch (what) {
            case Stoppable.Tenant _ -> "";
            case Stoppable.Server _ -> " and server = ?";
            case Stoppable.Tool _ -> " and server = ? and tool = audit_term(?)";
            case Stoppable.Owner _ -> " and requester = ?";
        };
    }

    /** What has run out of time is expired, whatever the row still says. */
    private void state(ApprovalState state) {
        switch (state) {
            case PENDING, APPROVED ->
                    and("state = ? and expires > ?", state.code(), Timestamp.from(now));
            case EXPIRED ->
                    and(
                            "(state = 'expired' or state in ('pending', 'approved')"
                                    + " and expires <= ?)",
                            Timestamp.from(now));
            case DENIED, CANCELLED, CONSUMED -> and("state = ?", state.code());
        }
    }

    private void and(String condition, Object... parameters) {
        sql.append(" and ").append(condition);
        values.addAll(List.of(parameters));
    }
}
