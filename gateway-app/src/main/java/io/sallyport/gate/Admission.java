package io.sallyport.gate;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Violation;
import io.sallyport.error.Reason;
import io.sallyport.gate.FreshPin.Seen;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Decision;
import io.sallyport.policy.DenyReason;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ToolRef;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Steps 1 to 4 of the gate: resolve the name, check the pin, read and validate the arguments, ask
 * policy. Has no effect on anything; a throw anywhere in it is a denial.
 */
final class Admission {
    private final FreshPin pin;
    private final Clock clock;
    private final Validators validators;
    private final ContentAdmission content;

    Admission(FreshPin pin, Clock clock, Validators validators) {
        this.pin = pin;
        this.clock = clock;
        this.validators = validators;
        content = new ContentAdmission(pin, clock);
    }

    /** What these steps say. */
    sealed interface Verdict {
        record Admitted(AdmittedCall call) implements Verdict {}

        record Refused(Denial denial) implements Verdict {}
    }

    /**
     * Why a call is refused.
     *
     * @param reason what the record says
     * @param shown what the caller is told, which may be less
     * @param target what was called, absent if the caller could not have known it
     * @param rule id of the deny rule, or empty
     */
    record Denial(
            Reason reason,
            Reason shown,
            String sentence,
            List<String> details,
            Optional<Target> target,
            String rule) {}

    Verdict judge(TenantView view, UpstreamCall call, CallContext context)
            throws InterruptedException {
        if (!view.policy().isReadable()) {
            return refused(
                    Reason.POLICY_UNAVAILABLE,
                    "The rules of this tenant cannot be read, so no call is decided on.",
                    Optional.empty());
        }
        try {
            return switch (call) {
                case ToolCall it -> resolve(view, it, context);
                case ResourceRead _, PromptGet _, Completion _, ResourceSubscription _ ->
                        content.resolve(view, call, context);
            };
        } catch (RuntimeException e) {
            return refused(
                    Reason.POLICY_UNAVAILABLE,
                    "The call could not be decided on, so it is denied.",
                    Optional.empty());
        }
    }

    /** Step 1: unknown and forbidden are the same answer. */
    private Verdict resolve(TenantView view, ToolCall call, CallContext context)
            throws InterruptedException {
        var key =
                view.key(context.principal().credential())
                        .filter(it -> it.usableAt(clock.instant()));
        var known = context.offer().resolve(call.name(), view).flatMap(view::tool);
        if (key.isEmpty()) {
            return unknown(Reason.NOT_ALLOWED, call, Optional.empty(), "");
        }
        if (known.isEmpty()) {
            return notOffered(view, key.get(), call, context);
        }
        var visible =
                Optional.ofNullable(view.visibleTo(key.get().principal()).get(refOf(known.get())));
        return visible.isPresent()
                ? pin(view, new Candidate(visible.get(), key.get(), call, context))
                : invisible(view, key.get(), call, known.get());
    }

    private record Candidate(CatalogTool tool, ApiKey key, ToolCall call, CallContext context) {
        Principal principal() {
            return key.principal();
        }

        Candidate with(CallContext left) {
            return new Candidate(tool, key, call, left);
        }
    }

    private static ToolRef refOf(CatalogTool tool) {
        return tool.listed().ref();
    }

    /**
     * The caller learns nothing; the record names the tool if there is one, and the rule against
     * it.
     */
    private static Verdict notOffered(
            TenantView view, ApiKey key, ToolCall call, CallContext context) {
        var shown = context.offer().isChoice() ? Reason.TOOL_NOT_OFFERED : Reason.UNKNOWN_TOOL;
        var meant = view.byAlias(call.name()).flatMap(view::tool);
        var against = meant.flatMap(it -> denial(view, key, it));
        return refused(
                new Denial(
                        against.map(it -> reasonOf(it.reason())).orElse(shown),
                        shown,
                        "Unknown tool: " + call.name(),
                        List.of(),
                        meant.map(Target.Tool::new),
                        against.map(Decision.Deny::rule).orElse("")));
    }

    private static Optional<Decision.Deny> denial(TenantView view, ApiKey key, CatalogTool tool) {
        return view.policy().decide(view.request(key.principal(), tool))
                        instanceof Decision.Deny deny
                ? Optional.of(deny)
                : Optional.empty();
    }

    private static Verdict refused(Denial denial) {
        return new Verdict.Refused(denial);
    }

    /** A changed tool that the caller could otherwise use says so; everything else is unknown. */
    private static Verdict invisible(TenantView view, ApiKey key, ToolCall call, CatalogTool tool) {
        if (tool.status() == ToolStatus.CHANGED
                && view.isActive(refOf(tool).server())
                && view.mayList(key, tool)) {
            return refused(
                    Reason.DESCRIPTOR_CHANGED,
                    "The tool has changed since it was approved and must be reviewed again.",
                    Optional.of(tool));
        }
        return switch (view.policy().decide(view.request(key.principal(), tool))) {
            case Decision.Deny(DenyReason reason, String rule) ->
                    unknown(reasonOf(reason), call, Optional.of(tool), rule);
            case Decision.Allow _, Decision.RequireApproval _ ->
                    unknown(hidden(view, key, tool), call, Optional.of(tool), "");
        };
    }

    /** Why the caller does not see a tool that no rule denies; in the record only. */
    private static Reason hidden(TenantView view, ApiKey key, CatalogTool tool) {
        return view.isStopped(key.principal(), refOf(tool)) ? Reason.STOPPED : Reason.NOT_ALLOWED;
    }

    private static Reason reasonOf(DenyReason reason) {
        return switch (reason) {
            case NOT_ALLOWED -> Reason.NOT_ALLOWED;
            case EXPLICIT_DENY -> Reason.EXPLICIT_DENY;
            case POLICY_UNAVAILABLE -> Reason.POLICY_UNAVAILABLE;
        };
    }

    /** Step 2: the approved digest, seen lately. */
    private Verdict pin(TenantView view, Candidate candidate) throws InterruptedException {
        var server = view.server(refOf(candidate.tool()).server()).orElseThrow();
        var context = candidate.context().within(server.times().of(refOf(candidate.tool()).tool()));
        return switch (pin.check(server, context)) {
            case Seen.Lately(var left) -> arguments(view, server, candidate.with(left));
            case Seen.TooLongAgo(var reason, var sentence) ->
                    refused(reason, sentence, Optional.of(candidate.tool()));
        };
    }

    /** Step 3: decoded once, strictly, and valid under the validator of that very descriptor. */
    private Verdict arguments(TenantView view, McpServer server, Candidate candidate)
            throws InterruptedException {
        var tool = candidate.tool();
        JsonNode arguments;
        try {
            arguments = tree(candidate.call().arguments());
        } catch (MalformedJson e) {
            return unreadable(tool, "their text " + e.fault().complaint());
        }
        if (!(arguments instanceof ObjectNode members)) {
            return unreadable(tool, "they are JSON, but no object");
        }
        var violations = validators.violations(view.tenant(), tool, members);
        if (violations.isEmpty()) {
            return refused(
                    Reason.OVERLOADED,
                    "Too much waits to be checked, so the call does not run.",
                    Optional.of(tool));
        }
        return violations.get().isEmpty()
                ? decide(view, server, candidate, members)
                : invalid(tool, described(violations.get()));
    }

    private static JsonNode tree(ToolCall.Arguments arguments) throws MalformedJson {
        return switch (arguments) {
            case ToolCall.Arguments.Written(var text) -> StrictJson.read(text);
            case ToolCall.Arguments.Read(var tree) -> tree;
        };
    }

    private static List<String> described(List<Violation> violations) {
        return violations.stream().map(Admission::describe).distinct().limit(20).toList();
    }

    private static String describe(Violation violation) {
        var place = violation.pointer().isEmpty() ? "the arguments" : violation.pointer();
        return place + ": " + violation.message();
    }

    private static byte[] params(ToolCall call, CatalogTool tool, ObjectNode arguments) {
        var params = JsonNodeFactory.instance.objectNode();
        params.set("arguments", arguments);
        params.put("name", refOf(tool).tool());
        return LaterLeg.params(params, call.continued());
    }

    /** Step 4. */
    private Verdict decide(
            TenantView view, McpServer server, Candidate candidate, ObjectNode arguments)
            throws InterruptedException {
        var tool = candidate.tool();
        var headers = validators.headers(view.tenant(), tool).headers(arguments);
        var call =
                new AdmittedCall(
                        candidate.call(),
                        new Target.Tool(tool, headers),
                        server,
                        params(candidate.call(), tool, arguments),
                        "",
                        List.of(),
                        view,
                        candidate.context());
        return switch (view.policy().decide(view.request(candidate.principal(), tool))) {
            case Decision.Allow(String rule) -> new Verdict.Admitted(call.by(rule, List.of()));
            case Decision.RequireApproval(var requirements) ->
                    new Verdict.Admitted(call.by(requirements.getFirst().rule(), requirements));
            case Decision.Deny(DenyReason reason, String rule) ->
                    unknown(reasonOf(reason), candidate.call(), Optional.of(tool), rule);
        };
    }

    /** The model can write them again. */
    private static Verdict unreadable(CatalogTool tool, String what) {
        return invalid(
                tool,
                "The arguments cannot be read: " + what + ". Write them as one JSON object.",
                List.of(what));
    }

    private static Verdict invalid(CatalogTool tool, List<String> details) {
        return invalid(
                tool,
                "The arguments do not match the tool's schema: " + String.join("; ", details),
                details);
    }

    private static Verdict invalid(CatalogTool tool, String sentence, List<String> details) {
        return new Verdict.Refused(
                new Denial(
                        Reason.INVALID_ARGUMENTS,
                        Reason.INVALID_ARGUMENTS,
                        sentence,
                        details,
                        Optional.of(new Target.Tool(tool)),
                        ""));
    }

    private static Verdict refused(Reason reason, String sentence, Optional<CatalogTool> tool) {
        return refused(
                new Denial(reason, reason, sentence, List.of(), tool.map(Target.Tool::new), ""));
    }

    private static Verdict unknown(
            Reason reason, ToolCall call, Optional<CatalogTool> tool, String rule) {
        return refused(
                new Denial(
                        reason,
                        Reason.UNKNOWN_TOOL,
                        "Unknown tool: " + call.name(),
                        List.of(),
                        tool.map(Target.Tool::new),
                        rule));
    }
}
