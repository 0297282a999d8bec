package io.sallyport.admin;

import io.sallyport.catalog.EgressTerms;
import io.sallyport.egress.EgressUrl;
import io.sallyport.error.Reason;
import io.sallyport.policy.TenantId;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /admin/v1/tenants}, for platform admins, and of it what concerns an admin's own tenant;
 * {@code /admin/v1/posture}.
 */
final class TenantsApi {
    private static final String ACCESS_PAGE = "access_page";

    private final TenantSettings settings;
    private final Governance governance;
    private final List<String> relaxations;
    private final LaunchProfiles profiles;

    /**
     * @param relaxations what this installation does less strictly than production
     */
    TenantsApi(
            TenantSettings settings,
            Governance governance,
            List<String> relaxations,
            LaunchProfiles profiles) {
        this.settings = settings;
        this.governance = governance;
        this.profiles = profiles;
        this.relaxations = List.copyOf(relaxations);
    }

    AdminAnswer create(AdminRequest request) {
        var id = Body.read(request.body(), "id").text("id");
        if (!id.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw Refusal.invalid("id must be 1 to 63 of a-z, 0-9 and -.");
        }
        if (!settings.create(new TenantId(id), request.caller())) {
            throw new Refusal(409, Reason.ALREADY_EXISTS, "The tenant exists.");
        }
        return AdminAnswer.created(json(id));
    }

    AdminAnswer list(AdminRequest request) {
        return AdminAnswer.list(
                settings.tenants().stream().map(it -> json(it.value())).toList(), Optional.empty());
    }

    AdminAnswer show(AdminRequest request) {
        return AdminAnswer.ok(shown(known(request)));
    }

    /** The page is for people of the tenant, so its own admins name it. */
    AdminAnswer change(AdminRequest request) {
        var body = Body.read(request.body(), ACCESS_PAGE);
        var tenant = known(request);
        if (body.mentions(ACCESS_PAGE)) {
            var page = body.optionalText(ACCESS_PAGE).map(TenantsApi::page).orElse("");
            settings.nameAccessPage(tenant, page, request.caller());
        }
        return AdminAnswer.ok(shown(tenant));
    }

    /** Text for people: it is shown, and nobody here follows it. */
    private static String page(String url) {
        if (url.startsWith("https://")
                && EgressUrl.read(url) instanceof EgressUrl.Reading.Accepted(var read)) {
            return read.toString();
        }
        throw Refusal.invalid(ACCESS_PAGE + " must be an https URL.");
    }

    /** To admins of a tenant there is no other. */
    private TenantId known(AdminRequest request) {
        var id = request.path("id");
        return settings.tenants().stream()
                .filter(it -> it.value().equals(id))
                .filter(it -> request.hasRole("platform-admin") || it.equals(request.tenant()))
                .findFirst()
                .orElseThrow(Refusal::notFound);
    }

    private ObjectNode shown(TenantId tenant) {
        var json = json(tenant.value());
        settings.accessPage(tenant).ifPresent(it -> json.put(ACCESS_PAGE, it));
        return json;
    }

    private static ObjectNode json(String id) {
        return AdminAnswer.JSON.objectNode().put("id", id);
    }

    /** What is less strict here: for a platform admin in all tenants, unless one is named. */
    AdminAnswer posture(AdminRequest request) {
        var views =
                request.isAboutAll()
                        ? settings.tenants().stream().map(governance::view).toList()
                        : List.of(request.view());
        var plain = AdminAnswer.JSON.arrayNode();
        views.forEach(it -> plain(plain, it));
        var json = AdminAnswer.JSON.objectNode();
        var told = json.putArray("relaxations");
        relaxations.forEach(told::add);
        if (!plain.isEmpty()) {
            told.add("plain_http");
            json.set("plain_http", plain);
        }
        if (request.hasRole("platform-admin")) {
            ProfilesApi.refused(profiles, json);
        }
        return AdminAnswer.ok(json);
    }

    private static void plain(ArrayNode list, TenantView view) {
        for (var server : view.servers()) {
            plain(list, view, server.egress())
                    .ifPresent(it -> it.put("server", server.slug().value()));
        }
        for (var model : view.models()) {
            for (var target : model.targets()) {
                plain(list, view, target.egress()).ifPresent(it -> it.put("model", model.alias()));
            }
        }
    }

    private static Optional<ObjectNode> plain(ArrayNode list, TenantView view, EgressTerms terms) {
        return terms.plainHttp()
                ? Optional.of(
                        list.addObject()
                                .put("tenant", view.tenant().value())
                                .put("credential", terms.plainHttpCredential()))
                : Optional.empty();
    }
}
