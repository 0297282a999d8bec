package io.sallyport.store;

import io.sallyport.policy.TenantId;
import java.util.Map;

/** What somebody does to what is kept beside a log: the keys to its payloads, its search index. */
final class DerivedEdits {
    private final WrittenFolder folder;
    private final TenantId log;

    DerivedEdits(WrittenFolder folder, TenantId log) {
        this.folder = folder;
        this.log = log;
    }

    void addTo(Map<String, Runnable> edits) {
        keys(edits);
        entries(edits);
        marks(edits);
    }

    private void keys(Map<String, Runnable> edits) {
        var key = "audit_keys.subject_key";
        edits.put(
                "subject keys overwritten",
                () ->
                        sql(
                                "update %s set wrapped = decode(repeat('00', 60), 'hex')"
                                                .formatted(key)
                                        + " where tenant = '%s'"));
        edits.put(
                "subject keys exchanged",
                () ->
                        sql(
                                ("update %1$s k set wrapped = (select wrapped from %1$s o"
                                                        + " where o.tenant = k.tenant and o.id <> k.id limit 1)")
                                                .formatted(key)
                                        + " where tenant = '%s'"));
        edits.put(
                "one subject key overwritten that sealed nothing",
                () ->
                        sql(
                                "insert into %s (tenant, pseudonym, month, id, wrapped)"
                                                .formatted(key)
                                        + " values ('%s', 'p_0', '2026-11', 'k_0', '')"));
    }

    private void entries(Map<String, Runnable> edits) {
        var one = " and index = 11";
        edits.put("search entry deleted", () -> delete(one));
        edits.put("all search entries deleted", () -> delete(""));
        edits.put(
                "search entry under another kind", () -> update("kind = 'heartbeat'" + ours(one)));
        edits.put(
                "search entries under another principal",
                () -> update("principal = 'p'" + ours("")));
        edits.put("search entries with another status", () -> update("status = 'x'" + ours("")));
        edits.put("search entries of another key", () -> update("client = 'k'" + ours("")));
        edits.put("search entry with another model", () -> update("model = 'm'" + ours(one)));
        edits.put("search entry with more tokens", () -> update("input = 7" + ours(one)));
        edits.put("search entry at another time", () -> update("ts = ts - 1" + ours(one)));
        edits.put(
                "search entry added",
                () ->
                        sql(
                                "insert into audit_search (log, index, ts, kind)"
                                        + " select log, index, ts + 1, kind from audit_search"
                                        + ours(one)));
    }

    private void marks(Map<String, Runnable> edits) {
        var mark = "update audit_search_mark set next = ";
        edits.put("search mark raised", () -> sql(mark + "100000" + ours("")));
        edits.put("search mark removed", () -> sql("delete from audit_search_mark" + ours("")));
        edits.put(
                "search index not filled yet",
                () -> {
                    delete("");
                    sql("delete from audit_search_mark" + ours(""));
                });
        edits.put(
                "search index filled halfway",
                () -> {
                    delete(" and index >= 7");
                    sql(mark + "7" + ours(""));
                });
        edits.put(
                "search index of an older gateway",
                () -> {
                    sql("alter table audit_search rename to audit_search_later");
                    sql("alter table audit_search_mark rename to audit_search_mark_later");
                });
    }

    private void delete(String which) {
        sql("delete from audit_search" + ours(which));
    }

    private void update(String assignment) {
        sql("update audit_search set " + assignment);
    }

    private static String ours(String which) {
        return " where log = '%s'" + which;
    }

    private void sql(String statement) {
        folder.sql(statement.formatted(log));
    }
}
