package io.sallyport.gate;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.McpServer;
import io.sallyport.error.Reason;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Decision;
import io.sallyport.policy.DenyReason;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ResourceUri;
import io.sallyport.policy.ServerSlug;
import io.sallyport.tenant.TenantView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource, a template or a prompt that the caller may have now. It is found on the URL of its
 * own server only, and whatever the caller may not have does not exist.
 */
record ContentCandidate(ContentCall call, CatalogEntry entry, Principal principal, TenantView view)
        implements Candidate {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /**
     * @param caller the caller's key, empty if it is not usable now
     */
    static Resolution of(
            ContentCall call, Optional<ApiKey> caller, TenantView view, OfferedTools offer) {
        if (caller.isEmpty() || !(offer instanceof OfferedTools.ServerTools(var slug))) {
            return new Resolution.Denied(unknown(call, Reason.NOT_ALLOWED, Optional.empty(), ""));
        }
        var principal = caller.get().principal();
        return entry(view, principal, slug, call)
                .<Resolution>map(
                        it -> new Resolution.Found(new ContentCandidate(call, it, principal, view)))
                .orElseGet(() -> new Resolution.Denied(unseen(call, slug, principal, view)));
    }

    /** The caller learns nothing; the record says why. */
    private static Denial unseen(
            ContentCall call, ServerSlug server, Principal principal, TenantView view) {
        var asked = asked(call, server);
        var known = view.entry(asked);
        var target =
                known.filter(it -> Unseen.wasApproved(it.status()))
                        .flatMap(it -> view.server(server).map(by -> target(it, by)));
        var hidden =
                Unseen.all(view.isStopped(principal, server), view.server(server))
                        .or(() -> known.flatMap(it -> Unseen.one(it.status(), unknownOf(call))));
        if (hidden.isPresent()) {
            return unknown(call, hidden.get(), target, "");
        }
        var against = deniedBy(view, principal, asked, known.isPresent());
        return unknown(
                call,
                against.map(it -> Admission.reasonOf(it.reason())).orElse(unknownOf(call)),
                target,
                against.map(Decision.Deny::rule).orElse(""));
    }

    /**
     * What policy has against it. That no rule allows what is not there says nothing; that a rule
     * denies it does.
     */
    private static Optional<Decision.Deny> deniedBy(
            TenantView view, Principal principal, EntryRef asked, boolean isListed) {
        return (isListed || isUri(view, asked))
                        && view.decide(principal, asked) instanceof Decision.Deny deny
                        && (isListed
                                || deny.reason() != DenyReason.NOT_ALLOWED
                                || view.comesFromTemplate(asked))
                ? Optional.of(deny)
                : Optional.empty();
    }

    private static boolean isUri(TenantView view, EntryRef asked) {
        return asked.kind() == EntryKind.RESOURCE
                && ResourceUri.mayBeAskedFor(asked.key())
                && view.server(asked.server()).isPresent();
    }

    private static Target target(CatalogEntry entry, McpServer server) {
        return new Target.Content(entry, server.labels());
    }

    private static EntryRef asked(ContentCall call, ServerSlug server) {
        return switch (call) {
            case ResourceRead(var uri, _) -> new EntryRef(server, EntryKind.RESOURCE, uri);
            case ResourceSubscription(var uri) -> new EntryRef(server, EntryKind.RESOURCE, uri);
            case PromptGet it -> new EntryRef(server, EntryKind.PROMPT, it.name());
            case ArgumentCompletion(ArgumentCompletion.Reference.Prompt(var name), _) ->
                    new EntryRef(server, EntryKind.PROMPT, name);
            case ArgumentCompletion(ArgumentCompletion.Reference.Template(var name), _) ->
                    new EntryRef(server, EntryKind.TEMPLATE, name);
        };
    }

    private static Optional<CatalogEntry> entry(
            TenantView view, Principal principal, ServerSlug server, ContentCall call) {
        var asked = asked(call, server);
        return asked.kind() == EntryKind.RESOURCE
                ? view.resource(principal, server, asked.key())
                : view.visibleEntry(principal, asked);
    }

    private static Denial unknown(
            ContentCall call, Reason reason, Optional<Target> target, String rule) {
        var shown = unknownOf(call);
        var kind = shown == Reason.UNKNOWN_PROMPT ? "Unknown prompt: " : "Unknown resource: ";
        return new Denial(reason, shown, kind + call.name(), List.of(), target, rule);
    }

    private static Reason unknownOf(ContentCall call) {
        return switch (call) {
            case ResourceRead _, ResourceSubscription _ -> Reason.UNKNOWN_RESOURCE;
            case PromptGet _ -> Reason.UNKNOWN_PROMPT;
            case ArgumentCompletion(ArgumentCompletion.Reference.Prompt _, _) ->
                    Reason.UNKNOWN_PROMPT;
            case ArgumentCompletion(ArgumentCompletion.Reference.Template _, _) ->
                    Reason.UNKNOWN_RESOURCE;
        };
    }

    @Override
    public Denial unknown(Reason reason, String rule) {
        return unknown(call, reason, Optional.of(target()), rule);
    }

    private ServerSlug server() {
        return entry.listed().server();
    }

    @Override
    public Target target() {
        return target(entry, view.server(server()).orElseThrow());
    }

    @Override
    public Duration time(McpServer server) {
        return server.times().each();
    }

    /** A URI is decided on as it was asked for, whatever template it comes from. */
    @Override
    public Decision decide() {
        return view.decide(principal, asked(call, server()));
    }

    /** A prompt takes the arguments that its descriptor declares, each of them a text. */
    @Override
    public Arguments arguments() {
        return violation()
                .<Arguments>map(it ->
                        new Arguments.Invalid(
                                Denial.of(Reason.INVALID_ARGUMENTS, it, Optional.of(target()))))
                .orElseGet(() ->
                        new Arguments.Valid(
                                target(), MrtrParams.params(params(), call.continued())));
    }

    private Optional<String> violation() {
        return switch (call) {
            case PromptGet(_, var arguments, _) ->
                    PromptArguments.violation(entry.listed().tree(), arguments);
            case ArgumentCompletion(_, var params) -> CompletionParams.violation(params);
            case ResourceRead _, ResourceSubscription _ -> Optional.empty();
        };
    }

    private ObjectNode params() {
        var params = JSON.objectNode();
        switch (call) {
            case ResourceRead(var uri, _) -> params.put("uri", uri);
            case ResourceSubscription(var uri) -> params.put("uri", uri);
            case PromptGet(var name, var arguments, _) -> prompt(params, name, arguments);
            case ArgumentCompletion(var reference, var asked) ->
                    completion(params, reference, asked);
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
            ObjectNode params, ArgumentCompletion.Reference reference, JsonNode asked) {
        params.set("argument", asked.path("argument"));
        if (asked.has("context")) {
            params.set("context", asked.path("context"));
        }
        var ref = params.putObject("ref");
        switch (reference) {
            case ArgumentCompletion.Reference.Prompt(var name) ->
                    ref.put("type", "ref/prompt").put("name", name);
            case ArgumentCompletion.Reference.Template(var uri) ->
                    ref.put("type", "ref/resource").put("uri", uri);
        }
    }
}
