-- What each governance sequence changed, so that a gateway reads that again and nothing else. A
-- sequence that is not here was made by an older gateway, or was long ago: then all is read again.
create table governance_change (
    tenant    text not null references tenant (id),
    sequence  bigint not null,
    -- policy, server, toolset, model, key, or everything
    part      text not null,
    -- which one; empty where there is only one
    key       text not null,
    primary key (tenant, sequence)
);

-- Moves the tenant's governance sequence, says what changed, and tells every gateway. Called last,
-- since from then on until the commit no intent of the tenant can be written. If p_seen is given
-- and that part has changed since that sequence, or nobody says what has, the answer is null and
-- nothing was done.
create function governance_advance(p_tenant text, p_part text, p_key text, p_seen bigint)
returns bigint language plpgsql as $$
declare
    current_sequence bigint;
    told bigint;
    touched boolean;
begin
    select sequence into current_sequence from governance where tenant = p_tenant for update;
    if not found then
        return null;
    end if;
    if p_seen is not null then
        select count(*),
                coalesce(bool_or(part = 'everything' or part = p_part and key = p_key), false)
            into told, touched
            from governance_change where tenant = p_tenant and sequence > p_seen;
        if touched or told <> current_sequence - p_seen then
            return null;
        end if;
    end if;
    current_sequence := current_sequence + 1;
    update governance set sequence = current_sequence where tenant = p_tenant;
    insert into governance_change (tenant, sequence, part, key)
        values (p_tenant, current_sequence, p_part, p_key);
    -- A gateway that is further behind reads everything, which costs no more.
    delete from governance_change
        where tenant = p_tenant and sequence <= current_sequence - 1000;
    perform pg_notify('governance', p_tenant);
    return current_sequence;
end
$$;
