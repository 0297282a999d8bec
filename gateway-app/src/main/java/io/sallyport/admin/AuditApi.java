package io.sallyport.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /admin/v1/audit}. */
final class AuditApi {
    private static final Set<String> FILTERS =
            Set.of("from", "to", "principal", "server", "tool", "kind", "decision", "run");

    private static final Set<String> PARAMETERS =
            Stream.concat(FILTERS.stream(), Stream.of("cursor")).collect(Collectors.toSet());

    private final AuditReader reader;

    AuditApi(AuditReader reader) {
        this.reader = reader;
    }

    AdminAnswer list(AdminRequest request) {
        request.acceptOnly(PARAMETERS);
        Map<String, String> filters = new LinkedHashMap<>();
        for (var name : FILTERS) {
            request.query(name).ifPresent(it -> filters.put(name, checked(name, it)));
        }
        var page =
                reader.find(
                        request.tenant(),
                        filters,
                        request.query("cursor").map(AuditApi::index),
                        request.caller());
        return AdminAnswer.list(page.items(), page.next().map(String::valueOf));
    }

    private static String checked(String name, String value) {
        return name.equals("from") || name.equals("to")
                ? TimeText.read(name, value).toString()
                : value;
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
