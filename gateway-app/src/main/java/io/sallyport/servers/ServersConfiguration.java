package io.sallyport.servers;

import io.sallyport.bridge.ByteBudget;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressClients;
import io.sallyport.egress.EgressSettings;
import io.sallyport.tenant.Governance;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.Supervision;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connections to registered servers and the upkeep of what they list. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({EgressProperties.class, ToolProperties.class})
class ServersConfiguration {
    @Bean
    EgressClient egress(EgressPosture posture, EgressProperties properties) {
        var settings =
                EgressSettings.standard()
                        .withOwnPort(posture.ownPort())
                        .withLimits(properties.limits());
        return EgressClients.open(
                properties.authorities().map(settings::trusting).orElse(settings));
    }

    @Bean
    ServerConnections connections(
            EgressClient egress,
            ServerStore store,
            LaunchProfiles profiles,
            EgressPosture posture,
            ServerStates states) {
        return new ServerConnections(egress, store, profiles, posture.loopbackHttp(), states);
    }

    @Bean
    ServerStates serverStates(Clock clock) {
        return new ServerStates(clock);
    }

    @Bean
    ServerRegistry registry(
            ServerStore store,
            ServerConnections connections,
            Governance governance,
            Probe probe,
            Clock clock) {
        return new ServerRegistry(store, connections, governance, probe, clock);
    }

    @Bean
    Probe probe(ServerConnections connections, ListVetting vetting) {
        return new Probe(connections, vetting);
    }

    @Bean
    ServerChanges serverChanges(
            ServerStore store,
            ServerConnections connections,
            ServerRegistry registry,
            Governance governance,
            Probe probe) {
        return new ServerChanges(store, connections, registry, governance, probe);
    }

    @Bean
    ListVetting listVetting(ComputePool pool, ToolProperties tools, ByteBudget budget) {
        return ListVetting.ofHeap(pool, tools.naming(), budget);
    }

    @Bean
    ListUpkeep upkeep(
            ServerRegistry registry,
            Governance governance,
            TenantNames tenants,
            Supervision supervision) {
        return new ListUpkeep(registry, governance, tenants, supervision);
    }
}
