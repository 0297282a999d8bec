-- A database that is new has no statistics, and a planner without them reads all records to find a
-- few: each is looked up by its key now, whatever the planner believes.

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
            cross join lateral (select ts, kind, leaf from audit_intake
                where log = p_log and writer = p.writer and epoch = p.epoch and wseq = p.wseq
                limit 1) i
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
