package io.sallyport.gate;

import io.sallyport.bridge.ComputePool;
import io.sallyport.recording.TrailReports;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.ListFreshness;
import io.sallyport.tenant.ViewChanges;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The gate and what it writes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({GateSettings.class, StopSettings.class})
class GateConfiguration {
    private final GateInputs inputs;
    private final UpstreamServers servers;
    private final ListFreshness freshness;

    GateConfiguration(GateInputs inputs, UpstreamServers servers, ListFreshness freshness) {
        this.inputs = inputs;
        this.servers = servers;
        this.freshness = freshness;
    }

    @Bean
    static Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    static Workers workers(StopSettings settings) {
        return new Workers(settings.grace());
    }

    @Bean
    static ComputePool computePool() {
        return new ComputePool();
    }

    @Bean
    static UnderWay underWay(Governance governance, ViewChanges changes) {
        return new UnderWay(governance, changes);
    }

    @Bean
    GateParts gateParts(UnderWay underWay, GateSettings settings, ComputePool pool, Clock clock) {
        return new GateParts(
                inputs.governance(),
                freshness,
                inputs.approvals(),
                inputs.digests(),
                inputs.trail(),
                new CallRecords(inputs.payloads(), clock),
                servers,
                underWay,
                new Validators(pool),
                new Circuits(settings),
                clock);
    }

    @Bean
    static Gate gate(GateParts parts) {
        return new GovernedGate(parts);
    }

    @Bean
    static TrailReports trailReports(GateInputs inputs, Workers workers, Clock clock) {
        return new TrailReports(
                inputs.trail(), inputs.payloads(), inputs.digests(), workers.threads(), clock);
    }
}
