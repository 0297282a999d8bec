-- What the approval desk filters by, as columns; the documents stay as they are. A document that
-- cannot be read as jsonb (an approver's reason may hold \u0000) is found without these filters.
create function pg_temp.binding_of(document text) returns jsonb language plpgsql as $$
begin
    return document::jsonb -> 'binding';
exception when others then
    return '{}'::jsonb;
end
$$;

-- A text as an index can hold it: whole, or its beginning and its digest.
create function audit_term(value text) returns text language sql immutable strict parallel safe
    return case when length(value) <= 200 then value else left(value, 160) || md5(value) end;

alter table approval
    add column requester text not null default '',
    add column server text not null default '',
    add column tool text not null default '';
update approval a set
    requester = coalesce(lower(b.binding ->> 'requester'), ''),
    server = coalesce(b.binding #>> '{tool,server,value}', ''),
    tool = audit_term(coalesce(b.binding #>> '{tool,tool}', ''))
from (select id, pg_temp.binding_of(document) as binding from approval) b where b.id = a.id;

drop index approval_by_state;
create index approval_newest on approval (tenant, created desc, id desc);
create index approval_by_state on approval (tenant, state, created desc, id desc);
create index approval_by_requester on approval (tenant, requester, created desc, id desc);
create index approval_by_tool on approval (tenant, server, tool, created desc, id desc);
-- The quotas count what is open: by time, since what has expired is marked only when it is met.
create index approval_open_until on approval (tenant, expires) where state in ('pending', 'approved');
