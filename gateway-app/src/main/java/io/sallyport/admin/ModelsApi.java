package io.sallyport.admin;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.Destination;
import io.sallyport.bridge.EgressClient;
import io.sallyport.bridge.EgressRefusal;
import io.sallyport.bridge.EgressUrl;
import io.sallyport.bridge.EgressVerdict;
import io.sallyport.error.Reason;
import io.sallyport.upstream.ModelAlias;
import io.sallyport.upstream.ModelTarget;
import io.sallyport.upstream.RunLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/models}: the names that clients use for providers' models. */
final class ModelsApi {
    /** Each is judged by its address when it is saved. */
    private static final int MAX_TARGETS = 8;

    private static final int MAX_ROUNDS = 25;
    private static final int MAX_CALL_SECONDS = 120;
    private static final int MAX_CALLS = 128;
    private static final int MAX_RUN_SECONDS = 3_600;

    private final TenantSettings settings;
    private final EgressClient egress;
    private final boolean loopbackHttp;

    /**
     * @param egress judges where a model is said to be
     * @param loopbackHttp whether plain http to loopback is allowed ({@code --dev})
     */
    ModelsApi(TenantSettings settings, EgressClient egress, boolean loopbackHttp) {
        this.settings = settings;
        this.egress = egress;
        this.loopbackHttp = loopbackHttp;
    }

    AdminAnswer put(AdminRequest request) throws InterruptedException {
        var alias = request.path("alias");
        if (!alias.matches("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")) {
            throw Refusal.invalid("An alias is 1 to 128 of A-Z, a-z, 0-9, ., _, : and -.");
        }
        var body = Body.read(request.body(), "targets", "toolset", "limits");
        var model =
                new ModelAlias(
                        alias, targets(request, body), body.optionalText("toolset"), limits(body));
        for (var target : model.targets()) {
            requirePermitted(request, target);
        }
        settings.putModel(request.tenant(), model, request.caller());
        var toolset = model.toolset().stream().toList();
        return AdminAnswer.ok(new Remarks(request).ofToolsets(toolset).to(json(model)));
    }

    /** A target that could never be asked is refused here, and not when somebody waits for it. */
    private void requirePermitted(AdminRequest request, ModelTarget target)
            throws InterruptedException {
        var destination =
                new Destination(
                        request.tenant() + "/models",
                        target.baseUrl(),
                        target.egressAllow(),
                        loopbackHttp);
        switch (Await.one(egress.judge(destination))) {
            case EgressVerdict.Permitted() -> {
                // it may be asked
            }
            case EgressVerdict.Refused(var refusal) -> throw refused(refusal);
        }
    }

    private static Refusal refused(EgressRefusal refusal) {
        return switch (refusal) {
            case SCHEME ->
                    new Refusal(
                            422,
                            Reason.SCHEME_NOT_ALLOWED,
                            "Only https is spoken to this address.");
            case MALFORMED_URL, ADDRESS, OWN_LISTENER -> UnusableServer.egressDenied();
        };
    }

    private static List<ModelTarget> targets(AdminRequest request, Body body) {
        var items = body.items("targets");
        if (items.isEmpty() || items.size() > MAX_TARGETS) {
            throw Refusal.invalid("targets must hold 1 to " + MAX_TARGETS + " targets.");
        }
        return items.stream()
                .map(it -> Body.of(it, "provider", "base_url", "model", "api_key", "egress"))
                .map(it -> target(request, it))
                .toList();
    }

    private static ModelTarget target(AdminRequest request, Body body) {
        if (!body.text("provider").equals("openai")) {
            throw Refusal.invalid("provider must be openai in this version.");
        }
        return new ModelTarget(
                "openai",
                baseUrl(body.text("base_url")),
                body.text("model"),
                body.optionalText("api_key").map(ModelsApi::visible),
                egress(request, body));
    }

    private static String visible(String key) {
        if (!key.matches("[\\x21-\\x7e]{1,4096}")) {
            throw Refusal.invalid("api_key must be visible ASCII.");
        }
        return key;
    }

    private static URI baseUrl(String url) {
        if (!(EgressUrl.read(url) instanceof EgressUrl.Reading.Accepted) || !url.endsWith("/v1")) {
            throw new Refusal(
                    422, Reason.EGRESS_DENIED, "base_url must be an http(s) URL that ends in /v1.");
        }
        return URI.create(url);
    }

    private static List<String> egress(AdminRequest request, Body body) {
        var allow = body.object("egress", "allow").map(it -> it.texts("allow")).orElse(List.of());
        if (!allow.isEmpty() && !request.hasRole("platform-admin")) {
            throw Refusal.forbidden();
        }
        if (!allow.stream().allMatch(Destination::isException)) {
            throw Refusal.invalid("egress.allow must hold entries like 127.0.0.1/32:9102.");
        }
        return allow;
    }

    private static RunLimits limits(Body body) {
        var limits =
                body.object(
                        "limits",
                        "rounds",
                        "calls_per_run",
                        "calls_per_round",
                        "call_timeout_seconds",
                        "run_timeout_seconds");
        return limits.map(ModelsApi::readLimits).orElse(RunLimits.DEFAULT);
    }

    private static RunLimits readLimits(Body body) {
        var base = RunLimits.DEFAULT;
        return new RunLimits(
                number(body, "rounds", base.rounds(), MAX_ROUNDS),
                number(body, "calls_per_run", base.callsPerRun(), MAX_CALLS),
                number(body, "calls_per_round", base.callsPerRound(), MAX_CALLS),
                seconds(body, "call_timeout_seconds", base.callTimeout(), MAX_CALL_SECONDS),
                seconds(body, "run_timeout_seconds", base.runTimeout(), MAX_RUN_SECONDS),
                base.resultBytes(),
                base.runResultBytes());
    }

    private static Duration seconds(Body body, String member, Duration absent, int max) {
        return Duration.ofSeconds(number(body, member, (int) absent.toSeconds(), max));
    }

    private static int number(Body body, String member, int absent, int max) {
        var number = body.number(member).orElse(absent);
        if (number < 1 || number > max) {
            throw Refusal.invalid("limits.%s must be 1 to %d.".formatted(member, max));
        }
        return number;
    }

    AdminAnswer show(AdminRequest request) {
        return AdminAnswer.ok(
                json(
                        all(request).stream()
                                .filter(it -> it.alias().equals(request.path("alias")))
                                .findFirst()
                                .orElseThrow(Refusal::notFound)));
    }

    AdminAnswer list(AdminRequest request) {
        return AdminAnswer.list(
                all(request).stream().map(ModelsApi::json).toList(), Optional.empty());
    }

    private static Collection<ModelAlias> all(AdminRequest request) {
        return request.view().models();
    }

    AdminAnswer remove(AdminRequest request) {
        if (!settings.removeModel(request.tenant(), request.path("alias"), request.caller())) {
            throw Refusal.notFound();
        }
        return AdminAnswer.noContent();
    }

    private static ObjectNode json(ModelAlias model) {
        var json = AdminAnswer.JSON.objectNode().put("alias", model.alias());
        var targets = json.putArray("targets");
        model.targets().forEach(it -> describe(targets.addObject(), it));
        model.toolset().ifPresent(it -> json.put("toolset", it));
        json.putObject("limits")
                .put("rounds", model.limits().rounds())
                .put("calls_per_run", model.limits().callsPerRun())
                .put("calls_per_round", model.limits().callsPerRound())
                .put("call_timeout_seconds", model.limits().callTimeout().toSeconds())
                .put("run_timeout_seconds", model.limits().runTimeout().toSeconds());
        return json;
    }

    private static void describe(ObjectNode json, ModelTarget target) {
        json.put("provider", target.provider())
                .put("base_url", target.baseUrl().toString())
                .put("model", target.model())
                .putObject("api_key")
                .put("set", target.apiKey().isPresent());
    }
}
