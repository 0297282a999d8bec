package io.sallyport.admin;

import io.sallyport.error.Reason;
import io.sallyport.policy.TenantId;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/tenants} and {@code /admin/v1/posture}, for platform admins. */
final class TenantsApi {
    private final TenantSettings settings;
    private final List<String> relaxations;

    /**
     * @param relaxations what this installation does less strictly than production
     */
    TenantsApi(TenantSettings settings, List<String> relaxations) {
        this.settings = settings;
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
        return settings.tenants().stream()
                .filter(it -> it.value().equals(request.path("id")))
                .findFirst()
                .map(it -> AdminAnswer.ok(json(it.value())))
                .orElseThrow(Refusal::notFound);
    }

    private static ObjectNode json(String id) {
        return AdminAnswer.JSON.objectNode().put("id", id);
    }

    AdminAnswer posture(AdminRequest request) {
        var json = AdminAnswer.JSON.objectNode();
        relaxations.forEach(json.putArray("relaxations")::add);
        return AdminAnswer.ok(json);
    }
}
