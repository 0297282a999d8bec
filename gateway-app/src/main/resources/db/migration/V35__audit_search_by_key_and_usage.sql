-- Readers of the log also filter by key, and sum up what was used. What they read is derived from
-- the leaves: the old index is dropped whole, which costs nothing however large it is, and filled
-- again by whoever is behind, as it was after V22. Searches wait for that, calls do not.
drop table audit_search;
update audit_search_mark set next = 0;

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
    client     text,
    model      text,
    input      bigint,
    output     bigint,
    primary key (log, ts, index)
);
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
create index audit_search_by_client on audit_search (log, client, ts, index)
    where client is not null;
create trigger audit_search_append_only before update or delete or truncate on audit_search
    for each statement execute function audit_refuse_change();

-- A whole number of a leaf, or null: what else may stand there adds up to nothing.
create function audit_whole(value jsonb) returns bigint language sql immutable strict as $$
    select case when jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^[0-9]{1,16}$'
        then (value #>> '{}')::bigint end
$$;

-- Takes up to p_rows leaves of a log into audit_search, in order; answers how many.
create or replace function audit_index(p_log text, p_rows int) returns int language plpgsql as $$
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
                (log, index, ts, kind, principal, server, tool, decision, run, status,
                client, model, input, output)
            select p_log, p.index, i.ts, i.kind,
                nullif(t.tree #>> '{who,subject}', ''),
                nullif(t.tree #>> '{what,tool,server}', ''),
                audit_term(nullif(t.tree #>> '{what,tool,name}', '')),
                nullif(t.tree #>> '{decision,effect}', ''),
                nullif(t.tree #>> '{what,turn,run}', ''),
                nullif(t.tree #>> '{result,status}', ''),
                nullif(t.tree #>> '{who,client}', ''),
                nullif(t.tree #>> '{what,model}', ''),
                audit_whole(t.tree #> '{result,tokens,input}'),
                audit_whole(t.tree #> '{result,tokens,output}')
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
