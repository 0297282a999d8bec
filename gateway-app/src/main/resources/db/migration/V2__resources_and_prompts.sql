-- Resources, resource templates and prompts, pinned like tools. The key is the URI, the template or
-- the name.
create table entry (
    tenant    text not null,
    server    text not null,
    kind      text not null,
    key       text not null,
    listed    text not null,
    findings  text not null,
    status    text not null,
    pinned    text,
    primary key (tenant, server, kind, key),
    foreign key (tenant, server) references server (tenant, slug) on delete cascade
);

-- What a server last said of itself: negotiated era, capabilities, instructions.
alter table server add column profile text;
