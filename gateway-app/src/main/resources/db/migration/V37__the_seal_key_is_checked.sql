-- Something small that was sealed when the installation first met its key: a start with another key
-- is told at once, not when the first secret is needed.
create table seal_check (
    single boolean primary key default true check (single),
    sealed bytea not null
);
