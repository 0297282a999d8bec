package io.sallyport.admin;

import io.sallyport.admin.AuditQuery.Field;
import io.sallyport.admin.AuditQuery.Place;
import io.sallyport.admin.AuditReader.Found;
import io.sallyport.admin.PayloadReader.Revealed;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.error.Reason;
import io.sallyport.policy.VisibleText;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /admin/v1/audit}. */
final class AuditApi {
    static final Set<String> PARAMETERS =
            Stream.concat(
                            Stream.of(Field.values()).map(Field::code),
                            Stream.of("from", "to", "cursor"))
                    .collect(Collectors.toSet());

    private static final Set<String> KINDS =
            Stream.of(Kind.values()).map(Kind::code).collect(Collectors.toSet());

    /** Of calls, and of approvals. */
    private static final Set<String> DECISIONS =
            Set.of("allow", "deny", "require_approval", "approve", "cancel");

    /** Those of today, and those that older records have. */
    private static final Set<String> STATUSES =
            Stream.concat(
                            Stream.of(Status.values())
                                    .map(Status::code)
                                    .filter(it -> !it.isEmpty()),
                            Stream.of("timeout", "cancelled", "unreachable", "client_gone"))
                    .collect(Collectors.toSet());

    /** A sentence: it is kept in the log, which is not erased. */
    private static final int MAX_REASON = 200;

    private final AuditReader reader;
    private final PayloadReader payloads;

    AuditApi(AuditReader reader, PayloadReader payloads) {
        this.reader = reader;
        this.payloads = payloads;
    }

    AdminAnswer list(AdminRequest request) throws InterruptedException {
        var query = query(request);
        return shown(
                reader.find(request.tenant(), query, request.caller()), UnaryOperator.identity());
    }

    /**
     * A page, or why there is none.
     *
     * @param cursor how the place of the next page is written
     */
    static AdminAnswer shown(Found found, UnaryOperator<String> cursor) {
        return switch (found) {
            case Found.Page(var items, var next) -> AdminAnswer.list(items, next.map(cursor));
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
        Map<Field, String> terms = new EnumMap<>(Field.class);
        for (var field : Field.values()) {
            value(request, field).ifPresent(it -> terms.put(field, it));
        }
        return new AuditQuery(
                terms,
                request.query("from").map(it -> TimeText.read("from", it)),
                request.query("to").map(it -> TimeText.read("to", it)),
                request.query("cursor").map(Place::read));
    }

    /** A word that no record ever had is a mistake, and not a search that finds nothing. */
    private static Optional<String> value(AdminRequest request, Field field) {
        return switch (field) {
            case KIND -> request.query(field.code(), KINDS);
            case DECISION -> request.query(field.code(), DECISIONS);
            case STATUS -> request.query(field.code(), STATUSES);
            case PRINCIPAL, KEY, SERVER, TOOL, RUN -> request.query(field.code());
        };
    }

    AdminAnswer show(AdminRequest request) {
        return AdminAnswer.ok(
                reader.record(request.tenant(), request.path("record"), request.caller())
                        .orElseThrow(Refusal::notFound));
    }

    /** As approvers see them: as text that can hide nothing. */
    AdminAnswer payload(AdminRequest request) {
        var record = request.path("record");
        var reason = request.query("reason").filter(it -> !it.isBlank());
        if (reason.isEmpty() || reason.get().length() > MAX_REASON) {
            throw Refusal.invalid("reason must say why, in at most 200 characters.");
        }
        var revealed = payloads.reveal(request.tenant(), record, reason.get(), request.caller());
        return switch (revealed) {
            case Revealed.Params(var params) ->
                    AdminAnswer.ok(
                            AdminAnswer.JSON
                                    .objectNode()
                                    .put("record", record)
                                    .put("params", VisibleText.of(params)));
            case Revealed.Nothing() -> throw Refusal.notFound();
            case Revealed.Erased() ->
                    throw new Refusal(410, Reason.ERASED, "What was sealed is erased.");
            case Revealed.Damaged() ->
                    throw new Refusal(
                            500,
                            Reason.INTERNAL_ERROR,
                            "What is stored is not what was sealed; see audit verify.");
        };
    }

    AdminAnswer checkpoint(AdminRequest request) {
        return AdminAnswer.text(reader.checkpoint(request.tenant()));
    }
}
