-- A tenant whose rules somebody is changing no longer stalls the batch: its place in the answer is -3,
-- and the batch is sent again without its intents. The rest is as before: all rows are written or
-- none, none if the lease is lost (answer null) or if the answer differs from p_sequences.
create or replace function audit_append(
    p_writer text, p_epoch bigint, p_tenants text[], p_sequences bigint[],
    p_wseq bigint[], p_log text[], p_kind text[], p_ts bigint[], p_leaf bytea[], p_hash bytea[],
    p_intent_key text[], p_outcome_of text[], p_payload bytea[])
returns bigint[] language plpgsql as $$
declare
    current_sequences bigint[];
begin
    perform 1 from audit_writer
        where writer = p_writer and epoch = p_epoch and expires > clock_timestamp() for share;
    if not found then
        return null;
    end if;
    if cardinality(p_tenants) > 0 then
        with held as materialized (
            select tenant, sequence from governance where tenant = any (p_tenants)
                for share skip locked)
        select array_agg(
                case
                    when h.tenant is not null then h.sequence
                    when exists (select 1 from governance g where g.tenant = t.tenant) then -3
                    else -1
                end
                order by t.ord)
            into current_sequences
            from unnest(p_tenants) with ordinality t (tenant, ord)
            left join held h on h.tenant = t.tenant;
        if current_sequences is distinct from p_sequences then
            return current_sequences;
        end if;
    end if;
    insert into audit_intake
            (writer, epoch, wseq, log, kind, ts, leaf, hash, intent_key, outcome_of)
        select p_writer, p_epoch, r.wseq, r.log, r.kind, r.ts, r.leaf, r.hash, r.ik, r.oo
        from unnest(p_wseq, p_log, p_kind, p_ts, p_leaf, p_hash, p_intent_key, p_outcome_of)
            r (wseq, log, kind, ts, leaf, hash, ik, oo);
    insert into audit_payload (log, writer, epoch, wseq, sealed)
        select r.log, p_writer, p_epoch, r.wseq, r.sealed
        from unnest(p_log, p_wseq, p_payload) r (log, wseq, sealed) where r.sealed is not null;
    if 1 = any (p_wseq) then
        insert into audit_lane (log, writer, epoch, wseq)
            select r.log, p_writer, p_epoch, 0 from unnest(p_log, p_wseq) r (log, wseq)
            where r.wseq = 1;
    end if;
    return p_sequences;
end
$$;

-- What the check of health writes, and takes back, to find out whether the disk has room: each row
-- needs a page of its own. Nothing in it is ever committed, so it needs no write-ahead log either.
create unlogged table audit_room (filler text not null);
alter table audit_room alter column filler set storage plain;
