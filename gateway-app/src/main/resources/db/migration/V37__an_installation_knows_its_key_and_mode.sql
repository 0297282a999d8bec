-- Something small that was sealed when the installation first met its key, and whether dev mode made
-- it: a start with another key or in the other mode is told at once.
create table installation (
    single boolean primary key default true check (single),
    sealed bytea not null,
    dev    boolean
);
