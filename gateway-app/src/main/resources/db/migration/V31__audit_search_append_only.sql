-- What readers of the log search is derived and only ever added to, as the log is. Its marks move.
create trigger audit_search_append_only before update or delete or truncate on audit_search
    for each statement execute function audit_refuse_change();
