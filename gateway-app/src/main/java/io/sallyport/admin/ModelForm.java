package io.sallyport.admin;

import io.sallyport.catalog.EgressTerms;
import io.sallyport.egress.EgressUrl;
import io.sallyport.egress.Origin;
import io.sallyport.error.Reason;
import io.sallyport.provider.ModelAlias;
import io.sallyport.provider.ModelTarget;
import io.sallyport.provider.RunLimits;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What an admin says of a model alias, read from a request: all of it, or what changes. */
final class ModelForm {
    /** Each is judged by its address when it is saved. */
    private static final int MAX_TARGETS = 8;

    private static final int MAX_ROUNDS = 25;
    private static final int MAX_CALL_SECONDS = 120;
    private static final int MAX_CALLS = 128;
    private static final int MAX_RUN_SECONDS = 3_600;

    private final AdminRequest request;
    private final Body body;

    ModelForm(AdminRequest request) {
        this.request = request;
        body = Body.read(request.body(), "targets", "toolset", "limits");
    }

    ModelAlias model(String alias) {
        var targets = items().stream().map(it -> target(read(it))).toList();
        return new ModelAlias(
                alias, targets, body.optionalText("toolset"), limits(RunLimits.DEFAULT));
    }

    /** The alias with what the request says; its targets are said in their order, all of them. */
    ModelAlias changed(ModelAlias known) {
        return new ModelAlias(
                known.alias(),
                body.has("targets") ? targets(known.targets()) : known.targets(),
                body.mentions("toolset") ? body.optionalText("toolset") : known.toolset(),
                limits(known.limits()));
    }

    private List<ModelTarget> targets(List<ModelTarget> known) {
        var items = items();
        if (items.size() != known.size()) {
            throw Refusal.invalid(
                    "targets must hold an object for each of the %d targets, {} for one that stays."
                            .formatted(known.size()));
        }
        var changed = new ArrayList<ModelTarget>();
        for (int i = 0; i < items.size(); i++) {
            changed.add(changed(known.get(i), read(items.get(i))));
        }
        return changed;
    }

    private List<JsonNode> items() {
        var items = body.items("targets");
        if (items.isEmpty() || items.size() > MAX_TARGETS) {
            throw Refusal.invalid("targets must hold 1 to " + MAX_TARGETS + " targets.");
        }
        return items;
    }

    private static Body read(JsonNode target) {
        return Body.of(target, "provider", "base_url", "model", "api_key", "egress");
    }

    private ModelTarget target(Body said) {
        return hidden(
                new ModelTarget(
                        provider(said.text("provider")),
                        baseUrl(said.text("base_url")),
                        said.text("model"),
                        apiKey(said),
                        EgressForm.read(request, said).orElse(EgressTerms.NONE)));
    }

    private ModelTarget changed(ModelTarget known, Body said) {
        var baseUrl = said.optionalText("base_url").map(ModelForm::baseUrl).orElse(known.baseUrl());
        return hidden(
                new ModelTarget(
                        said.optionalText("provider")
                                .map(ModelForm::provider)
                                .orElse(known.provider()),
                        baseUrl,
                        said.optionalText("model").orElse(known.model()),
                        said.mentions("api_key") ? apiKey(said) : apiKey(known, baseUrl),
                        EgressForm.read(request, said).orElse(known.egress())));
    }

    /** A key that was stored for one origin is not sent to another. */
    private static Optional<String> apiKey(ModelTarget known, URI baseUrl) {
        var isSame = Origin.of(known.baseUrl().toString()).equals(Origin.of(baseUrl.toString()));
        return isSame ? known.apiKey() : Optional.empty();
    }

    private static ModelTarget hidden(ModelTarget target) {
        EgressForm.requireHidden(target.baseUrl(), target.apiKey().isPresent(), target.egress());
        return target;
    }

    private static String provider(String name) {
        if (!name.equals("openai")) {
            throw Refusal.invalid("provider must be openai in this version.");
        }
        return name;
    }

    private static Optional<String> apiKey(Body said) {
        return said.optionalText("api_key").map(ModelForm::visible);
    }

    private static String visible(String key) {
        if (!key.matches("[\\x21-\\x7e]{1,4096}")) {
            throw Refusal.invalid("api_key must be visible ASCII.");
        }
        return key;
    }

    private static URI baseUrl(String url) {
        return switch (EgressUrl.read(url)) {
            case EgressUrl.Reading.Accepted(var uri) when url.endsWith("/v1") -> uri;
            case EgressUrl.Reading.Accepted _ ->
                    throw new Refusal(422, Reason.INVALID_REQUEST, "base_url must end in /v1.");
            case EgressUrl.Reading.Refused _ ->
                    throw new Refusal(
                            422,
                            Reason.EGRESS_DENIED,
                            "base_url must be an http(s) URL that ends in /v1.");
        };
    }

    private RunLimits limits(RunLimits base) {
        return body.object(
                        "limits",
                        "rounds",
                        "calls_per_run",
                        "calls_per_round",
                        "call_timeout_seconds",
                        "run_timeout_seconds")
                .map(it -> limits(it, base))
                .orElse(base);
    }

    private static RunLimits limits(Body said, RunLimits base) {
        return new RunLimits(
                number(said, "rounds", base.rounds(), MAX_ROUNDS),
                number(said, "calls_per_run", base.callsPerRun(), MAX_CALLS),
                number(said, "calls_per_round", base.callsPerRound(), MAX_CALLS),
                seconds(said, "call_timeout_seconds", base.callTimeout(), MAX_CALL_SECONDS),
                seconds(said, "run_timeout_seconds", base.runTimeout(), MAX_RUN_SECONDS),
                base.resultBytes(),
                base.runResultBytes());
    }

    private static Duration seconds(Body said, String member, Duration absent, int max) {
        return Duration.ofSeconds(number(said, member, (int) absent.toSeconds(), max));
    }

    private static int number(Body said, String member, int absent, int max) {
        var number = said.number(member).orElse(absent);
        if (number < 1 || number > max) {
            throw Refusal.invalid("limits.%s must be 1 to %d.".formatted(member, max));
        }
        return number;
    }
}
