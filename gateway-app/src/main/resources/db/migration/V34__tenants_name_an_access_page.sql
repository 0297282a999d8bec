-- Where people of the tenant ask for what they may not use; empty if it names no page.
alter table tenant add column access_page text not null default '';
