-- What readers of the log filter by, beside the log and not in it: derived from leaves that have
-- their index, by whoever is behind (audit_index), never by the writer. Nothing is filled here, so
-- that an old database of any size starts at once; a million records take about a minute after it.
create table audit_search (
    log        text not null,
    index      bigint not null,
    ts         bigint not null,
    kind       text not null,
    principal  text,
    server     text,
    tool       text,
    decision   text,
    run        text,
    status     text,
    primary key (log, ts, index)
);
-- Each ends with the order of a page, so that a page is read from any of them without sorting.
create index audit_search_by_kind on audit_search (log, kind, ts, index);
create index audit_search_by_principal on audit_search (log, principal, ts, index)
    where principal is not null;
create index audit_search_by_server on audit_search (log, server, ts, index)
    where server is not null;
create index audit_search_by_tool on audit_search (log, tool, ts, index) where tool is not null;
create index audit_search_by_decision on audit_search (log, decision, ts, index)
    where decision is not null;
create index audit_search_by_run on audit_search (log, run, ts, index) where run is not null;
create index audit_search_by_status on audit_search (log, status, ts, index)
    where status is not null;

-- The first index of each log that is not in audit_search.
create table audit_search_mark (
    log   text primary key,
    next  bigint not null
);

-- A leaf as a tree, or null: one that cannot be read must not stop the others.
create function audit_tree_of(leaf bytea) returns jsonb language plpgsql immutable as $$
begin
    return convert_from(leaf, 'UTF8')::jsonb;
exception when others then
    return null;
end
$$;

-- Takes up to p_rows leaves of a log into audit_search, in order; answers how many.
create function audit_index(p_log text, p_rows int) returns int language plpgsql as $$
declare
    start  bigint;
    added  int;
    later  bigint;
begin
    insert into audit_search_mark (log, next) values (p_log, 0) on conflict do nothing;
    select next into start from audit_search_mark where log = p_log for update;
    with part as materialized (
        select index, writer, epoch, wseq from audit_leaf
        where log = p_log and index >= start order by index limit p_rows
    ), taken as (
        insert into audit_search
                (log, index, ts, kind, principal, server, tool, decision, run, status)
            select p_log, p.index, i.ts, i.kind,
                nullif(t.tree #>> '{who,subject}', ''),
                nullif(t.tree #>> '{what,tool,server}', ''),
                audit_term(nullif(t.tree #>> '{what,tool,name}', '')),
                nullif(t.tree #>> '{decision,effect}', ''),
                nullif(t.tree #>> '{what,turn,run}', ''),
                nullif(t.tree #>> '{result,status}', '')
            from part p
            join audit_intake i on i.log = p_log and i.writer = p.writer and i.epoch = p.epoch
                and i.wseq = p.wseq
            cross join lateral (select audit_tree_of(i.leaf) as tree offset 0) t
        on conflict do nothing
    )
    select count(*), max(index) + 1 into added, later from part;
    if added > 0 then
        update audit_search_mark set next = later where log = p_log;
    end if;
    return added;
end
$$;
