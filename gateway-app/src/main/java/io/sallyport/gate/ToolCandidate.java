package io.sallyport.gate;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Violation;
import io.sallyport.error.Reason;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Decision;
import io.sallyport.tenant.TenantView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A tool that the caller was offered and may use now. */
record ToolCandidate(
        CatalogTool tool, ToolCall call, ApiKey key, TenantView view, Validators validators)
        implements Candidate {
    private static final int MAX_DETAILS = 20;

    /**
     * @param caller the caller's key, empty if it is not usable now
     */
    static Resolution of(
            ToolCall call,
            Optional<ApiKey> caller,
            TenantView view,
            OfferedTools offer,
            Validators validators) {
        if (caller.isEmpty()) {
            return denied(unknown(Reason.NOT_ALLOWED, call, Optional.empty(), ""));
        }
        var key = caller.get();
        var known = offer.resolve(call.name(), view).flatMap(view::tool);
        if (known.isEmpty()) {
            return denied(notOffered(view, key, call, offer));
        }
        var visible = Optional.ofNullable(view.visibleTo(key.principal()).get(known.get().ref()));
        return visible.<Resolution>map(it ->
                        new Resolution.Found(new ToolCandidate(it, call, key, view, validators)))
                .orElseGet(() -> denied(invisible(view, key, call, known.get())));
    }

    private static Resolution denied(Denial denial) {
        return new Resolution.Denied(denial);
    }

    /**
     * The caller learns nothing; the record names the tool if there is one, and the rule against
     * it.
     */
    private static Denial notOffered(
            TenantView view, ApiKey key, ToolCall call, OfferedTools offer) {
        var shown = offer.isChoice() ? Reason.TOOL_NOT_OFFERED : Reason.UNKNOWN_TOOL;
        var meant = view.byAlias(call.name()).flatMap(view::tool);
        var against = meant.flatMap(it -> deniedBy(view, key, it));
        return new Denial(
                against.map(it -> Admission.reasonOf(it.reason())).orElse(shown),
                shown,
                "Unknown tool: " + call.name(),
                List.of(),
                meant.map(Target.Tool::new),
                against.map(Decision.Deny::rule).orElse(""));
    }

    private static Optional<Decision.Deny> deniedBy(TenantView view, ApiKey key, CatalogTool tool) {
        return view.decide(key.principal(), tool) instanceof Decision.Deny deny
                ? Optional.of(deny)
                : Optional.empty();
    }

    /** A changed tool that the caller could otherwise use says so; everything else is unknown. */
    private static Denial invisible(TenantView view, ApiKey key, ToolCall call, CatalogTool tool) {
        if (tool.status() == ToolStatus.CHANGED
                && view.isActive(tool.ref().server())
                && view.mayList(key, tool)) {
            return Denial.of(
                    Reason.DESCRIPTOR_CHANGED,
                    "The tool has changed since it was approved and must be reviewed again.",
                    Optional.of(new Target.Tool(tool)));
        }
        return deniedBy(view, key, tool)
                .map(it ->
                        unknown(
                                Admission.reasonOf(it.reason()),
                                call,
                                Optional.of(tool),
                                it.rule()))
                .orElseGet(() -> unknown(hidden(view, key, tool), call, Optional.of(tool), ""));
    }

    /** Why the caller does not see a tool that no rule denies; in the record only. */
    private static Reason hidden(TenantView view, ApiKey key, CatalogTool tool) {
        var isStopped = view.isStopped(key.principal(), tool.ref());
        return Unseen.all(isStopped, view.server(tool.ref().server()))
                .or(() -> Unseen.one(tool.status(), Reason.UNKNOWN_TOOL))
                .orElse(Reason.NOT_ALLOWED);
    }

    private static Denial unknown(
            Reason reason, ToolCall call, Optional<CatalogTool> tool, String rule) {
        return new Denial(
                reason,
                Reason.UNKNOWN_TOOL,
                "Unknown tool: " + call.name(),
                List.of(),
                tool.map(Target.Tool::new),
                rule);
    }

    @Override
    public Denial unknown(Reason reason, String rule) {
        return unknown(reason, call, Optional.of(tool), rule);
    }

    @Override
    public Target target() {
        return new Target.Tool(tool);
    }

    @Override
    public Duration time(McpServer server) {
        return server.times().of(tool.ref().tool());
    }

    @Override
    public Decision decide() {
        return view.decide(key.principal(), tool);
    }

    @Override
    public Arguments arguments() throws InterruptedException {
        JsonNode arguments;
        try {
            arguments = tree(call.arguments());
        } catch (MalformedJson e) {
            return unreadable("their text " + e.fault().complaint());
        }
        if (!(arguments instanceof ObjectNode members)) {
            return unreadable("they are JSON, but no object");
        }
        var violations = validators.violations(view.tenant(), tool, members);
        if (violations.isEmpty()) {
            return new Arguments.Invalid(
                    Denial.of(
                            Reason.OVERLOADED,
                            "Too much waits to be checked, so the call does not run.",
                            Optional.of(target())));
        }
        return violations.get().isEmpty() ? valid(members) : invalid(described(violations.get()));
    }

    private static JsonNode tree(ToolCall.Arguments arguments) throws MalformedJson {
        return switch (arguments) {
            case ToolCall.Arguments.Written(var text) -> StrictJson.read(text);
            case ToolCall.Arguments.Read(var tree) -> tree;
        };
    }

    private Arguments valid(ObjectNode arguments) throws InterruptedException {
        var headers = validators.headers(view.tenant(), tool).headers(arguments);
        var params = JsonNodeFactory.instance.objectNode();
        params.set("arguments", arguments);
        params.put("name", tool.ref().tool());
        return new Arguments.Valid(
                new Target.Tool(tool, headers), MrtrParams.params(params, call.continued()));
    }

    private static List<String> described(List<Violation> violations) {
        return violations.stream()
                .map(ToolCandidate::describe)
                .distinct()
                .limit(MAX_DETAILS)
                .toList();
    }

    private static String describe(Violation violation) {
        var place = violation.pointer().isEmpty() ? "the arguments" : violation.pointer();
        return place + ": " + violation.message();
    }

    /** The model can write them again. */
    private Arguments unreadable(String what) {
        return invalid(
                "The arguments cannot be read: " + what + ". Write them as one JSON object.",
                List.of(what));
    }

    private Arguments invalid(List<String> details) {
        return invalid(
                "The arguments do not match the tool's schema: " + String.join("; ", details),
                details);
    }

    private Arguments invalid(String sentence, List<String> details) {
        return new Arguments.Invalid(
                new Denial(
                        Reason.INVALID_ARGUMENTS,
                        Reason.INVALID_ARGUMENTS,
                        sentence,
                        details,
                        Optional.of(target()),
                        ""));
    }
}
