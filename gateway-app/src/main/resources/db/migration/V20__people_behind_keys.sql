-- Who stands behind a key, in the one form in which people are compared (NFKC, case folded; owners
-- are ASCII so far, where that is lower case), and who was shown its text when it was made. No
-- issuer: a platform admin made it, or it is older than this column.
create function pg_temp.owner_of(document text) returns text language plpgsql as $$
begin
    return lower(document::jsonb ->> 'owner');
exception when others then
    return '';
end
$$;

alter table api_key add column person text not null default '', add column issuer text;
update api_key set person = pg_temp.owner_of(document);
create index api_key_by_person on api_key (tenant, person);
