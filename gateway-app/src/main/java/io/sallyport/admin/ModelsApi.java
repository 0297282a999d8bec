package io.sallyport.admin;

import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressRefusal;
import io.sallyport.egress.EgressVerdict;
import io.sallyport.error.Reason;
import io.sallyport.provider.ModelAlias;
import io.sallyport.provider.ModelTarget;
import io.sallyport.threads.Await;
import java.util.Collection;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/models}: the names that clients use for providers' models. */
final class ModelsApi {
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
        var model = new ModelForm(request).model(alias);
        for (var target : model.targets()) {
            requirePermitted(request, target);
        }
        settings.putModel(request.tenant(), model, request.caller());
        return saved(request, model);
    }

    private static AdminAnswer saved(AdminRequest request, ModelAlias model) {
        var toolset = model.toolset().stream().toList();
        return AdminAnswer.ok(new Remarks(request).ofToolsets(toolset).to(json(model)));
    }

    /** Changes what is said of an alias; the rest, keys of targets included, stays. */
    AdminAnswer change(AdminRequest request) throws InterruptedException {
        var known = known(request);
        var changed = new ModelForm(request).changed(known);
        for (var target : changed.targets()) {
            requirePermitted(request, target);
        }
        if (!settings.changeModel(
                request.tenant(), known, changed, request.view().sequence(), request.caller())) {
            throw Refusal.moved();
        }
        return saved(request, changed);
    }

    /** A target that could never be asked is refused here, and not when somebody waits for it. */
    private void requirePermitted(AdminRequest request, ModelTarget target)
            throws InterruptedException {
        var destination =
                new Destination(
                        request.tenant() + "/models",
                        target.baseUrl(),
                        target.egress(),
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

    AdminAnswer show(AdminRequest request) {
        return AdminAnswer.ok(json(known(request)));
    }

    private static ModelAlias known(AdminRequest request) {
        return all(request).stream()
                .filter(it -> it.alias().equals(request.path("alias")))
                .findFirst()
                .orElseThrow(Refusal::notFound);
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
        EgressForm.show(json, target.egress());
    }
}
