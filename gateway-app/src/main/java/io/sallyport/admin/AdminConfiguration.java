package io.sallyport.admin;

import io.sallyport.egress.EgressClient;
import io.sallyport.gate.ApprovalDesk;
import io.sallyport.gate.Workers;
import io.sallyport.identity.KeyUses;
import io.sallyport.identity.Pepper;
import io.sallyport.recording.Rejections;
import io.sallyport.servers.EgressPosture;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.servers.ServerChanges;
import io.sallyport.servers.ServerRegistry;
import io.sallyport.servers.ServerStore;
import io.sallyport.tenant.Governance;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The admin API. */
@Configuration(proxyBeanMethods = false)
class AdminConfiguration {
    @Bean
    AdminDesk adminDesk(
            Governance governance,
            TenantSettings settings,
            Workers workers,
            Rejections rejections) {
        return new AdminDesk(governance, settings, workers, rejections);
    }

    @Bean
    ServersApi serversApi(
            ServerRegistry registry,
            ServerChanges changes,
            ServerStore store,
            LaunchProfiles profiles) {
        return new ServersApi(registry, changes, store, new Launching(profiles));
    }

    @Bean
    KeysApi keysApi(
            TenantSettings settings, KeyUses uses, Pepper pepper, Clock clock, Posture posture) {
        return new KeysApi(settings, uses, pepper, clock, posture.dev());
    }

    @Bean
    ModelsApi modelsApi(TenantSettings settings, EgressClient egress, EgressPosture posture) {
        return new ModelsApi(settings, egress, posture.loopbackHttp());
    }

    @Bean
    RouterFunction<ServerResponse> adminApi(
            AdminDesk desk,
            ServersApi servers,
            KeysApi keys,
            TenantSettings settings,
            TenantsApi tenants) {
        return new AdminRoutes(desk)
                .servers(servers)
                .tools(new ToolsApi(settings))
                .policies(new PoliciesApi(settings))
                .keys(keys)
                .tenants(tenants)
                .build();
    }

    @Bean
    TenantsApi tenantsApi(
            TenantSettings settings,
            Governance governance,
            Posture posture,
            LaunchProfiles profiles) {
        return new TenantsApi(settings, governance, posture.relaxations(), profiles);
    }

    @Bean
    RouterFunction<ServerResponse> importApi(
            AdminDesk desk, ServersApi servers, LaunchProfiles profiles, Rejections rejections) {
        return new AdminRoutes(desk)
                .imports(new ServersImport(servers, rejections))
                .profiles(new ProfilesApi(profiles))
                .build();
    }

    @Bean
    RouterFunction<ServerResponse> modelApi(AdminDesk desk, ModelsApi models) {
        return new AdminRoutes(desk).models(models).build();
    }

    @Bean
    RouterFunction<ServerResponse> stopApi(
            AdminDesk desk, StopSwitch stops, Governance governance, TenantSettings settings) {
        return new AdminRoutes(desk).stops(new StopsApi(stops, governance, settings)).build();
    }

    @Bean
    RouterFunction<ServerResponse> usageApi(
            AdminDesk desk, AuditReader audit, TenantSettings settings, Clock clock) {
        return new AdminRoutes(desk).usage(new UsageApi(audit, settings, clock)).build();
    }

    @Bean
    RouterFunction<ServerResponse> reviewApi(
            AdminDesk desk, ApprovalDesk approvals, AuditReader audit, PayloadReader payloads) {
        return new AdminRoutes(desk)
                .approvals(new ApprovalsApi(approvals))
                .audit(new AuditApi(audit, payloads))
                .build();
    }
}
