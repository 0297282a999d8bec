package io.sallyport.admin;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** {@code /admin/v1/audit}. */
final class AuditApi {
    private static final Set<String> FILTERS =
            Set.of("from", "to", "principal", "server", "tool", "kind", "decision", "run");

    private final AuditReader reader;

    AuditApi(AuditReader reader) {
        this.reader = reader;
    }

    AdminAnswer list(AdminRequest request) {
        Map<String, String> filters = new LinkedHashMap<>();
        request.http()
                .queryParams()
                .forEach((name, values) -> {
                    if (FILTERS.contains(name)) {
                        filters.put(name, checked(name, values.getFirst()));
                    } else if (!name.equals("cursor")) {
                        throw Refusal.invalid("Unknown filter.");
                    }
                });
        var page =
                reader.find(
                        request.tenant(),
                        filters,
                        request.query("cursor").map(AuditApi::index),
                        request.caller());
        return AdminAnswer.list(page.items(), page.next().map(String::valueOf));
    }

    private static String checked(String name, String value) {
        if (name.equals("from") || name.equals("to")) {
            try {
                Instant.parse(value);
            } catch (DateTimeParseException _) {
                throw Refusal.invalid(name + " must be a time such as 2026-01-31T12:00:00Z.");
            }
        }
        return value;
    }

    private static long index(String cursor) {
        if (!cursor.matches("[0-9]{1,18}")) {
            throw Refusal.invalid("cursor is not one of ours.");
        }
        return Long.parseLong(cursor);
    }

    AdminAnswer show(AdminRequest request) {
        return AdminAnswer.ok(
                reader.record(request.tenant(), request.path("record"), request.caller())
                        .orElseThrow(Refusal::notFound));
    }

    AdminAnswer checkpoint(AdminRequest request) {
        return AdminAnswer.text(reader.checkpoint(request.tenant()));
    }
}
