package io.sallyport.gate;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.McpServer;
import io.sallyport.error.Reason;
import io.sallyport.gate.Admission.Denial;
import io.sallyport.gate.Admission.Verdict;
import io.sallyport.gate.FreshPin.Seen;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Decision;
import io.sallyport.policy.DenyReason;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ServerSlug;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Steps 1 to 4 for what is not a tool. It is found on the URL of its own server only, and whatever
 * the caller may not have does not exist.
 */
final class ContentAdmission {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final FreshPin pin;
    private final Clock clock;

    ContentAdmission(FreshPin pin, Clock clock) {
        this.pin = pin;
        this.clock = clock;
    }

    Verdict resolve(TenantView view, UpstreamCall call, CallContext context)
            throws InterruptedException {
        var key =
                view.key(context.principal().credential())
                        .filter(it -> it.usableAt(clock.instant()));
        if (key.isEmpty() || !(context.offer() instanceof Offer.ServerTools(var slug))) {
            return unknown(call, Reason.NOT_ALLOWED, Optional.empty(), "");
        }
        var entry = entry(view, key.get(), slug, call);
        return entry.isPresent()
                ? pin(view, new Candidate(call, entry.get(), key.get().principal(), context))
                : unknown(call, reason(call), Optional.empty(), "");
    }

    private record Candidate(
            UpstreamCall call, CatalogEntry entry, Principal principal, CallContext context) {
        ServerSlug server() {
            return entry.listed().server();
        }

        Candidate with(CallContext left) {
            return new Candidate(call, entry, principal, left);
        }
    }

    private static Optional<CatalogEntry> entry(
            TenantView view, ApiKey key, ServerSlug server, UpstreamCall call) {
        var principal = key.principal();
        return switch (call) {
            case ResourceRead(var uri, _) -> view.resource(principal, server, uri);
            case ResourceSubscription(var uri) -> view.resource(principal, server, uri);
            case PromptGet it ->
                    view.visibleEntry(principal, new EntryRef(server, EntryKind.PROMPT, it.name()));
            case Completion(Completion.Reference.Prompt(var name), _) ->
                    view.visibleEntry(principal, new EntryRef(server, EntryKind.PROMPT, name));
            case Completion(Completion.Reference.Template(var name), _) ->
                    view.visibleEntry(principal, new EntryRef(server, EntryKind.TEMPLATE, name));
            case ToolCall _ -> Optional.empty();
        };
    }

    private Verdict pin(TenantView view, Candidate candidate) throws InterruptedException {
        var server = view.server(candidate.server()).orElseThrow();
        var context = candidate.context().within(server.times().each());
        return switch (pin.check(server, context)) {
            case Seen.Lately(var left) -> judge(view, server, candidate.with(left));
            case Seen.TooLongAgo(var reason, var sentence) -> refused(candidate, reason, sentence);
        };
    }

    private static Verdict judge(TenantView view, McpServer server, Candidate candidate) {
        var invalid = invalid(candidate);
        return invalid.isEmpty()
                ? decide(view, server, candidate)
                : refused(candidate, Reason.INVALID_ARGUMENTS, invalid.get());
    }

    /** Step 3. A prompt takes the arguments that its descriptor declares, each of them a text. */
    private static Optional<String> invalid(Candidate candidate) {
        return switch (candidate.call()) {
            case PromptGet(_, var arguments, _) ->
                    PromptArguments.violation(candidate.entry().listed().tree(), arguments);
            case Completion(_, var params) -> CompletionParams.violation(params);
            case ResourceRead _, ResourceSubscription _, ToolCall _ -> Optional.empty();
        };
    }

    private static Verdict decide(TenantView view, McpServer server, Candidate candidate) {
        var call = candidate.call();
        var admitted =
                new AdmittedCall(
                        call,
                        new Target.Content(candidate.entry(), server.labels()),
                        server,
                        LaterLeg.params(params(candidate), call.continued()),
                        "",
                        List.of(),
                        view,
                        candidate.context());
        return switch (decision(view, candidate)) {
            case Decision.Allow(var rule) -> new Verdict.Admitted(admitted.by(rule, List.of()));
            case Decision.RequireApproval(var requirements) ->
                    new Verdict.Admitted(admitted.by(requirements.getFirst().rule(), requirements));
            case Decision.Deny(var reason, var rule) ->
                    unknown(call, reason(reason), Optional.of(target(view, candidate)), rule);
        };
    }

    /** A URI is decided on as it was asked for, whatever template it comes from. */
    private static Decision decision(TenantView view, Candidate candidate) {
        var asked =
                switch (candidate.call()) {
                    case ResourceRead(var uri, _) -> resource(candidate, uri);
                    case ResourceSubscription(var uri) -> resource(candidate, uri);
                    case PromptGet _, Completion _, ToolCall _ -> candidate.entry().ref();
                };
        return view.decide(candidate.principal(), asked);
    }

    private static EntryRef resource(Candidate candidate, String uri) {
        return new EntryRef(candidate.server(), EntryKind.RESOURCE, uri);
    }

    private static ObjectNode params(Candidate candidate) {
        var params = JSON.objectNode();
        switch (candidate.call()) {
            case ResourceRead(var uri, _) -> params.put("uri", uri);
            case ResourceSubscription(var uri) -> params.put("uri", uri);
            case PromptGet(var name, var arguments, _) -> prompt(params, name, arguments);
            case Completion(var reference, var asked) -> completion(params, reference, asked);
            case ToolCall _ -> throw new IllegalStateException("a tool is no content");
        }
        return params;
    }

    private static void prompt(ObjectNode params, String name, JsonNode arguments) {
        params.put("name", name);
        if (!arguments.isMissingNode()) {
            params.set("arguments", arguments);
        }
    }

    private static void completion(
            ObjectNode params, Completion.Reference reference, JsonNode asked) {
        params.set("argument", asked.path("argument"));
        if (asked.has("context")) {
            params.set("context", asked.path("context"));
        }
        var ref = params.putObject("ref");
        switch (reference) {
            case Completion.Reference.Prompt(var name) ->
                    ref.put("type", "ref/prompt").put("name", name);
            case Completion.Reference.Template(var uri) ->
                    ref.put("type", "ref/resource").put("uri", uri);
        }
    }

    private static Target target(TenantView view, Candidate candidate) {
        var labels = view.server(candidate.server()).orElseThrow().labels();
        return new Target.Content(candidate.entry(), labels);
    }

    private static Verdict refused(Candidate candidate, Reason reason, String sentence) {
        var target = new Target.Content(candidate.entry(), Set.of());
        return new Verdict.Refused(
                new Denial(reason, reason, sentence, List.of(), Optional.of(target), ""));
    }

    private static Verdict unknown(
            UpstreamCall call, Reason reason, Optional<Target> target, String rule) {
        var shown = reason(call);
        var kind = shown == Reason.UNKNOWN_PROMPT ? "Unknown prompt: " : "Unknown resource: ";
        return new Verdict.Refused(
                new Denial(reason, shown, kind + call.name(), List.of(), target, rule));
    }

    private static Reason reason(UpstreamCall call) {
        return switch (call) {
            case ResourceRead _, ResourceSubscription _ -> Reason.UNKNOWN_RESOURCE;
            case PromptGet _ -> Reason.UNKNOWN_PROMPT;
            case Completion(Completion.Reference.Prompt _, _) -> Reason.UNKNOWN_PROMPT;
            case Completion(Completion.Reference.Template _, _) -> Reason.UNKNOWN_RESOURCE;
            case ToolCall _ -> Reason.UNKNOWN_TOOL;
        };
    }

    private static Reason reason(DenyReason reason) {
        return switch (reason) {
            case NOT_ALLOWED -> Reason.NOT_ALLOWED;
            case EXPLICIT_DENY -> Reason.EXPLICIT_DENY;
            case POLICY_UNAVAILABLE -> Reason.POLICY_UNAVAILABLE;
        };
    }
}
