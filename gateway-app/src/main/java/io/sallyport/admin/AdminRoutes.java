package io.sallyport.admin;

import java.util.Set;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Every admin route with the roles that it is open to. */
final class AdminRoutes {
    private static final Set<String> PLATFORM = Set.of("platform-admin");
    private static final Set<String> READERS = Set.of("tenant-admin", "platform-admin", "auditor");
    private static final Set<String> AUDITORS = Set.of("auditor");
    private static final Set<String> DECIDERS =
            Set.of("tenant-admin", "platform-admin", "approver");

    private final AdminDesk desk;
    private final RouterFunctions.Builder routes = RouterFunctions.route();

    AdminRoutes(AdminDesk desk) {
        this.desk = desk;
    }

    RouterFunction<ServerResponse> build() {
        return routes.build();
    }

    AdminRoutes servers(ServersApi api) {
        routes.POST("/admin/v1/servers", desk.admins(api::register))
                .GET("/admin/v1/servers", desk.admins(api::list))
                .GET("/admin/v1/servers/{slug}", desk.admins(api::show))
                .PATCH("/admin/v1/servers/{slug}", desk.admins(api::change))
                .DELETE("/admin/v1/servers/{slug}", desk.admins(api::remove))
                .POST("/admin/v1/servers/{slug}/refresh", desk.admins(api::refresh))
                .POST("/admin/v1/servers/{slug}/approve", desk.admins(api::approve));
        return this;
    }

    AdminRoutes imports(ServersImport api) {
        routes.POST(
                "/admin/v1/servers/import",
                desk.open(AdminDesk.ADMINS, ServersImport.PARAMETERS, api::run));
        return this;
    }

    AdminRoutes profiles(ProfilesApi api) {
        routes.POST("/admin/v1/profiles/reload", desk.open(PLATFORM, api::reload));
        return this;
    }

    AdminRoutes tools(ToolsApi api) {
        routes.GET("/admin/v1/tools", desk.open(AdminDesk.ADMINS, ToolsApi.FILTERS, api::list))
                .GET("/admin/v1/tools/{server}/{tool}", desk.admins(api::show))
                .GET("/admin/v1/toolsets", desk.admins(api::listToolsets))
                .PUT("/admin/v1/toolsets/{name}", desk.admins(api::putToolset))
                .GET("/admin/v1/toolsets/{name}", desk.admins(api::showToolset))
                .DELETE("/admin/v1/toolsets/{name}", desk.admins(api::removeToolset));
        return this;
    }

    AdminRoutes policies(PoliciesApi api) {
        routes.PUT("/admin/v1/policies/current", desk.admins(api::publish))
                .POST("/admin/v1/policies/validate", desk.admins(api::validate))
                .GET("/admin/v1/policies/current", desk.admins(api::current))
                .GET("/admin/v1/policies/{digest}", desk.admins(api::byDigest));
        return this;
    }

    AdminRoutes models(ModelsApi api) {
        routes.GET("/admin/v1/models", desk.admins(api::list))
                .PUT("/admin/v1/models/{alias}", desk.admins(api::put))
                .PATCH("/admin/v1/models/{alias}", desk.admins(api::change))
                .GET("/admin/v1/models/{alias}", desk.admins(api::show))
                .DELETE("/admin/v1/models/{alias}", desk.admins(api::remove));
        return this;
    }

    AdminRoutes keys(KeysApi api) {
        routes.POST("/admin/v1/keys", desk.admins(api::create))
                .GET("/admin/v1/keys", desk.admins(api::list))
                .GET("/admin/v1/keys/{id}", desk.admins(api::show))
                .PATCH("/admin/v1/keys/{id}", desk.admins(api::change))
                .DELETE("/admin/v1/keys/{id}", desk.admins(api::revoke));
        return this;
    }

    AdminRoutes approvals(ApprovalsApi api) {
        routes.GET("/admin/v1/approvals", desk.open(DECIDERS, ApprovalsApi.FILTERS, api::list))
                .GET("/admin/v1/approvals/{id}", desk.open(DECIDERS, api::show))
                .POST("/admin/v1/approvals/{id}/decision", desk.open(DECIDERS, api::decide));
        return this;
    }

    AdminRoutes audit(AuditApi api) {
        routes.GET("/admin/v1/audit", desk.logs(READERS, AuditApi.PARAMETERS, api::list))
                .GET("/admin/v1/audit/checkpoint", desk.logs(READERS, Set.of(), api::checkpoint))
                .GET("/admin/v1/audit/{record}", desk.logs(READERS, Set.of(), api::show))
                .GET(
                        "/admin/v1/audit/{record}/payload",
                        desk.logs(AUDITORS, Set.of("reason"), api::payload));
        return this;
    }

    AdminRoutes usage(UsageApi api) {
        routes.GET("/admin/v1/usage", desk.open(READERS, UsageApi.PARAMETERS, api::sums));
        return this;
    }

    AdminRoutes stops(StopsApi api) {
        routes.GET("/admin/v1/stops", desk.admins(api::list))
                .POST("/admin/v1/servers/{slug}/stop", desk.admins(api::stopServer))
                .POST("/admin/v1/servers/{slug}/start", desk.admins(api::startServer))
                .POST("/admin/v1/tools/{server}/{tool}/stop", desk.admins(api::stopTool))
                .POST("/admin/v1/tools/{server}/{tool}/start", desk.admins(api::startTool))
                .POST("/admin/v1/principals/{id}/stop", desk.admins(api::stopPrincipal))
                .POST("/admin/v1/principals/{id}/start", desk.admins(api::startPrincipal))
                .POST("/admin/v1/tenants/{id}/stop", desk.open(PLATFORM, api::stopTenant))
                .POST("/admin/v1/tenants/{id}/start", desk.open(PLATFORM, api::startTenant));
        return this;
    }

    AdminRoutes tenants(TenantsApi api) {
        routes.POST("/admin/v1/tenants", desk.open(PLATFORM, api::create))
                .GET("/admin/v1/tenants", desk.open(PLATFORM, api::list))
                .GET("/admin/v1/tenants/{id}", desk.admins(api::show))
                .PATCH("/admin/v1/tenants/{id}", desk.admins(api::change))
                .GET("/admin/v1/posture", desk.admins(api::posture));
        return this;
    }
}
