package io.sallyport.admin;

import io.sallyport.admin.AuditQuery.Field;
import io.sallyport.admin.AuditQuery.Place;
import io.sallyport.admin.AuditReader.Found;
import io.sallyport.error.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /admin/v1/audit}. */
final class AuditApi {
    private static final Set<String> PARAMETERS =
            Stream.concat(
                            Stream.of(Field.values()).map(Field::code),
                            Stream.of("from", "to", "cursor"))
                    .collect(Collectors.toSet());

    private final AuditReader reader;

    AuditApi(AuditReader reader) {
        this.reader = reader;
    }

    AdminAnswer list(AdminRequest request) throws InterruptedException {
        var query = query(request);
        return switch (reader.find(request.tenant(), query, request.caller())) {
            case Found.Page(var items, var next) ->
                    AdminAnswer.list(items, next.map(Place::cursor));
            case Found.Busy() ->
                    throw new Refusal(
                            429,
                            Reason.RATE_LIMITED,
                            "One search of a tenant runs at a time; try again in a second.");
            case Found.TooBroad() ->
                    throw new Refusal(
                            422,
                            Reason.INVALID_REQUEST,
                            "The search takes too long: narrow it, by from and to for instance.");
            case Found.StillIndexing() ->
                    throw new Refusal(
                            503,
                            Reason.STORE_UNAVAILABLE,
                            "The log is still being prepared for searches; try again in a while.");
        };
    }

    private static AuditQuery query(AdminRequest request) {
        request.acceptOnly(PARAMETERS);
        Map<Field, String> terms = new EnumMap<>(Field.class);
        for (var field : Field.values()) {
            request.query(field.code()).ifPresent(it -> terms.put(field, it));
        }
        return new AuditQuery(
                terms,
                request.query("from").map(it -> TimeText.read("from", it)),
                request.query("to").map(it -> TimeText.read("to", it)),
                request.query("cursor").map(Place::read));
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
