-- The chat runs that a repeated request must find again: one row a run, kept for minutes.
create table chat_claim (
    tenant       text not null,
    run          text not null,
    -- Digests that only this installation can compute: of what makes two requests one (or of the
    -- caller's own key for it), of the request itself, and of whose it is.
    identity     text not null,
    fingerprint  text not null,
    principal    text not null,
    -- Whether the caller gave a key.
    keyed        boolean not null,
    -- Whether it was claimed before the model was asked: then no equal request that began earlier
    -- may change anything.
    exclusive    boolean not null,
    -- claimed, changing, between, left, answering, delivered or failed
    state        text not null,
    -- Moves with whoever goes on with the run, so that the one before can write nothing more.
    generation   integer not null default 1,
    -- Whose run it is now: a lease of that gateway, and how long the run may take at most.
    writer       text not null,
    epoch        bigint not null,
    until        timestamptz not null,
    -- When it was claimed, or last gone on with.
    since        timestamptz not null default clock_timestamp(),
    -- Whether a repetition waits for it, which gets the answer too.
    awaited      boolean not null default false,
    -- What was answered and done so far, sealed.
    journal      bytea,
    expires      timestamptz not null,
    primary key (tenant, run)
);
create index chat_claim_by_identity on chat_claim (tenant, identity);
create index chat_claim_by_principal on chat_claim (tenant, principal);
create index chat_claim_by_expiry on chat_claim (expires);
