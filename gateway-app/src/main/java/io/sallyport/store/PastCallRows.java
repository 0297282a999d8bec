package io.sallyport.store;

import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.RecordId;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.PastCalls;
import io.sallyport.recording.Payloads;
import io.sallyport.tenant.Governance;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Past calls from the log, by the ids that their callers hold. A record is read as soon as it is on
 * disk, by its key; nothing is searched and nothing is waited for.
 */
final class PastCallRows implements PastCalls {
    /** Look-ups of all callers: they leave most connections for reads to admins and auditors. */
    private static final int AT_ONCE = 1;

    /** What decides on a call; an outcome names its intent. */
    private static final Set<String> DECIDING =
            Set.of(
                    Kind.CALL_DENIED.code(),
                    Kind.APPROVAL_REQUESTED.code(),
                    Kind.CALL_INTENT.code());

    /** Of records of today, and of those from before there was a cause beside it. */
    private static final Set<String> MAY_HAVE_RUN =
            Set.of(
                    Status.INDETERMINATE.code(),
                    "timeout",
                    "cancelled",
                    "unreachable",
                    "client_gone");

    private final Database database;
    private final Governance governance;
    private final Payloads payloads;
    private final SearchLane lane = new SearchLane(AT_ONCE);

    PastCallRows(Database database, Governance governance, Payloads payloads) {
        this.database = database;
        this.governance = governance;
        this.payloads = payloads;
    }

    @Override
    public Told find(Principal principal, String record) throws InterruptedException {
        var id = RecordId.parse(record);
        return id.isEmpty()
                ? new Told.Unknown()
                : lane.run(principal, () -> Database.read(() -> told(principal, id.get())))
                        .orElseGet(Told.Busy::new);
    }

    private Told told(Principal principal, RecordId id) {
        var subject = payloads.pseudonym(principal.tenant(), principal.subject());
        return decision(principal.tenant(), id)
                .filter(it -> it.at("/who/subject").asString("").equals(subject))
                .<Told>map(it -> new Told.Found(call(principal.tenant(), id, it)))
                .orElseGet(Told.Unknown::new);
    }

    /** The record that says what was decided on the call. */
    private Optional<JsonNode> decision(TenantId tenant, RecordId id) {
        return leaf(tenant, id)
                .flatMap(it ->
                        isOf(Kind.CALL_OUTCOME, it)
                                ? RecordId.parse(it.at("/result/intent").asString(""))
                                        .flatMap(intent -> leaf(tenant, intent))
                                : Optional.of(it))
                .filter(it -> DECIDING.contains(it.path("kind").asString("")));
    }

    private static boolean isOf(Kind kind, JsonNode leaf) {
        return leaf.path("kind").asString("").equals(kind.code());
    }

    private Optional<JsonNode> leaf(TenantId tenant, RecordId id) {
        return database.jdbc()
                .sql(
                        """
                        select leaf from audit_intake
                        where log = ? and writer = ? and epoch = ? and wseq = ?
                        """)
                .params(tenant.value(), id.writer(), id.epoch(), id.sequence())
                .query((row, _) -> AuditItems.parse(row.getBytes(1)))
                .optional();
    }

    /**
     * @param frame the writer's frame of the intent, which has its id
     */
    private Optional<JsonNode> outcome(TenantId tenant, JsonNode frame) {
        var intent =
                new RecordId(
                        frame.path("id").asString(""),
                        frame.path("epoch").asLong(),
                        frame.path("seq").asLong());
        return database.jdbc()
                .sql("select leaf from audit_intake where outcome_of = ?")
                .param(tenant.value() + "/" + intent)
                .query((row, _) -> AuditItems.parse(row.getBytes(1)))
                .optional();
    }

    private ObjectNode call(TenantId tenant, RecordId id, JsonNode decided) {
        var call = JsonNodeFactory.instance.objectNode().put("record", id.toString());
        call.put(
                "ts",
                Instant.EPOCH.plus(decided.path("ts").asLong(), ChronoUnit.MICROS).toString());
        AuditItems.copy(decided, "/what/op", call, "op");
        AuditItems.copy(decided, "/what/tool/server", call, "server");
        AuditItems.copy(decided, "/what/tool/name", call, "tool");
        AuditItems.copy(decided, "/decision/effect", call, "decision");
        AuditItems.copy(decided, "/decision/reason", call, "reason");
        AuditItems.copy(decided, "/decision/approvals/0/id", call, "approval");
        AuditItems.copy(decided, "/what/turn/run", call, "run");
        AuditItems.copy(decided, "/trace/request", call, "request_id");
        explain(tenant, decided, call);
        if (isOf(Kind.CALL_INTENT, decided)) {
            end(tenant, decided, call);
        }
        return call;
    }

    /** Which rule it was, if the policy of that decision tells callers; and whom to ask. */
    private void explain(TenantId tenant, JsonNode decided, ObjectNode call) {
        var rule = decided.at("/decision/rule").asString("");
        if (!rule.isEmpty() && tellsCallers(tenant, decided, rule)) {
            call.put("rule", rule);
        }
        if (decided.at("/decision/effect").asString("").equals("deny")) {
            accessPage(tenant).ifPresent(it -> call.put("access_page", it));
        }
    }

    /** By the policy that decided, which may not be in force any more. */
    private boolean tellsCallers(TenantId tenant, JsonNode decided, String rule) {
        var digest = decided.at("/decision/policy").asString("");
        var current = governance.view(tenant).policy();
        return current.digest().equals(digest)
                ? current.tellsCallers(rule)
                : earlier(tenant, digest).filter(it -> Policy.tellsCallers(it, rule)).isPresent();
    }

    private Optional<String> earlier(TenantId tenant, String digest) {
        return database.jdbc()
                .sql(
                        "select document from policy where tenant = ? and digest = ?"
                                + " order by version desc limit 1")
                .params(tenant.value(), digest)
                .query(String.class)
                .optional();
    }

    private Optional<String> accessPage(TenantId tenant) {
        return database.jdbc()
                .sql("select access_page from tenant where id = ? and access_page <> ''")
                .param(tenant.value())
                .query(String.class)
                .optional();
    }

    /** How a call that was let through ended; without a status it has not ended yet. */
    private void end(TenantId tenant, JsonNode intent, ObjectNode call) {
        outcome(tenant, intent.path("writer"))
                .ifPresent(it -> {
                    AuditItems.copy(it, "/result/status", call, "status");
                    AuditItems.copy(it, "/result/code", call, "code");
                    AuditItems.copy(it, "/result/cause", call, "cause");
                    AuditItems.copy(it, "/result/latency_us", call, "latency_us");
                    ran(call);
                });
    }

    /** What is known of whether it ran, as the caller was told. */
    private static void ran(ObjectNode call) {
        var status = call.path("status").asString("");
        if (MAY_HAVE_RUN.contains(status)) {
            call.put("may_have_run", true);
        } else if (status.equals(Status.REFUSED.code())) {
            call.put("ran", true);
        }
    }
}
