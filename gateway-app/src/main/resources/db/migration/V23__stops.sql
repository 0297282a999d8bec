-- What an admin stopped, until it is started again. It lies beside the things, so that no change of
-- one of them starts it by the way.
create table stop (
    tenant   text not null references tenant (id),
    -- tenant, server, tool or principal
    kind     text not null,
    -- empty for the tenant; the slug; slug/tool; the person's normal form
    name     text not null,
    reason   text not null,
    since    timestamptz not null,
    primary key (tenant, kind, name)
);
