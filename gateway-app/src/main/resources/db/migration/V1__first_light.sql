-- The catalogue, keys, policies and approvals of every tenant, and the intake of the audit log.
-- Every table of a tenant carries the tenant in its key, so that no query can forget it.

create table tenant (
    id       text primary key,
    created  timestamptz not null default now()
);

-- Moves whenever anything that a decision depends on changes. An intent is written only if the
-- number that its decision saw is still the number here.
create table governance (
    tenant    text primary key references tenant (id),
    sequence  bigint not null default 0
);

create table api_key (
    id        text primary key,
    tenant    text not null references tenant (id),
    mac       bytea not null,
    document  text not null,
    blocked   boolean not null default false,
    created   timestamptz not null default now()
);
create index api_key_by_tenant on api_key (tenant);

create table server (
    tenant      text not null references tenant (id),
    slug        text not null,
    document    text not null,
    status      text not null,
    credential  bytea,
    seen        timestamptz,
    created     timestamptz not null default now(),
    primary key (tenant, slug)
);

-- Descriptors are text, not jsonb: jsonb would rewrite numbers and reorder members.
create table tool (
    tenant    text not null,
    server    text not null,
    name      text not null,
    listed    text not null,
    findings  text not null,
    status    text not null,
    pinned    text,
    risk      text not null,
    labels    text not null,
    lenient   boolean not null default false,
    primary key (tenant, server, name),
    foreign key (tenant, server) references server (tenant, slug) on delete cascade
);

create table toolset (
    tenant  text not null references tenant (id),
    name    text not null,
    tools   text not null,
    primary key (tenant, name)
);

create table model (
    tenant    text not null references tenant (id),
    alias     text not null,
    document  text not null,
    secrets   bytea,
    primary key (tenant, alias)
);

create table policy (
    tenant     text not null references tenant (id),
    version    bigint not null,
    digest     text not null,
    document   text not null,
    published  timestamptz not null default now(),
    primary key (tenant, version)
);

create table approval (
    id         text primary key,
    tenant     text not null references tenant (id),
    binding    text not null,
    document   text not null,
    arguments  bytea not null,
    state      text not null,
    created    timestamptz not null,
    expires    timestamptz not null
);
-- One open approval per binding.
create unique index approval_open on approval (tenant, binding) where state in ('pending', 'approved');
create index approval_by_binding on approval (tenant, binding, created desc);
create index approval_by_state on approval (tenant, state, id);

-- The audit log ------------------------------------------------------------------------------

-- One row per writer. A process that lost its lease cannot write: every batch checks the epoch.
create table audit_writer (
    writer   text primary key,
    epoch    bigint not null,
    expires  timestamptz not null
);

create table audit_intake (
    writer      text not null,
    epoch       bigint not null,
    wseq        bigint not null,
    log         text not null,
    kind        text not null,
    ts          bigint not null,
    leaf        bytea not null,
    hash        bytea not null,
    -- Set on intents only: an intent that exists is never sent again.
    intent_key  text,
    -- Set on outcomes only: log and record id of the intent. Every intent gets exactly one outcome.
    outcome_of  text,
    primary key (log, writer, epoch, wseq)
);
create unique index audit_intent_once on audit_intake (intent_key) where intent_key is not null;
create unique index audit_outcome_once on audit_intake (outcome_of) where outcome_of is not null;

-- Sealed payloads, apart from the leaves so that retention can drop them without touching the log.
create table audit_payload (
    log     text not null,
    writer  text not null,
    epoch   bigint not null,
    wseq    bigint not null,
    sealed  bytea not null,
    primary key (log, writer, epoch, wseq)
);

-- The order of each log, assigned by the integrator.
create table audit_leaf (
    log     text not null,
    index   bigint not null,
    writer  text not null,
    epoch   bigint not null,
    wseq    bigint not null,
    hash    bytea not null,
    primary key (log, index)
);
create unique index audit_leaf_by_record on audit_leaf (log, writer, epoch, wseq);

create table audit_tree (
    log       text primary key,
    size      bigint not null,
    frontier  bytea not null
);

-- How far the records of each writer in each log have been given an index. The writer makes the row
-- with its first record in a log, so that the integrator never has to search for new ones.
create table audit_lane (
    log     text not null,
    writer  text not null,
    epoch   bigint not null,
    wseq    bigint not null,
    primary key (log, writer, epoch)
);

-- Keys and pseudonyms of people, apart from everything else: erasing a row here erases the person.
create schema audit_keys;

create table audit_keys.pseudonym (
    tenant     text not null,
    subject    text not null,
    pseudonym  text not null unique,
    primary key (tenant, subject)
);

create table audit_keys.subject_key (
    tenant     text not null,
    pseudonym  text not null,
    month      text not null,
    id         text not null,
    wrapped    bytea not null,
    primary key (tenant, pseudonym, month)
);

-- Append-only, as defence in depth; the tree is the proof.
create function audit_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;
create trigger audit_intake_append_only before update or delete or truncate on audit_intake
    for each statement execute function audit_refuse_change();
create trigger audit_leaf_append_only before update or delete or truncate on audit_leaf
    for each statement execute function audit_refuse_change();

-- One batch of the group-commit writer. Writes all rows or none: none if the lease is lost (answer
-- null) or if a tenant's governance sequence has moved (the answer then differs from p_sequences).
create function audit_append(
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
        perform 1 from governance where tenant = any (p_tenants) for share;
        select array_agg(coalesce(g.sequence, -1) order by t.ord) into current_sequences
            from unnest(p_tenants) with ordinality t (tenant, ord)
            left join governance g on g.tenant = t.tenant;
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

-- Every epoch that ever wrote, so that the open intents of a dead process are found and closed once.
create table audit_epoch (
    writer     text not null,
    epoch      bigint not null,
    opened     timestamptz not null default now(),
    -- Its open intents are closed: nothing will be written in it any more.
    recovered  boolean not null default false,
    -- And all its records have an index.
    finished   boolean not null default false,
    primary key (writer, epoch)
);
