package io.sallyport.gate;

import io.sallyport.bridge.ComputePool;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The gate and what it writes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GateSettings.class)
class GateConfiguration {
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Workers workers() {
        return new Workers();
    }

    @Bean
    ComputePool computePool() {
        return new ComputePool();
    }

    @Bean
    UnderWay underWay(Governance governance, ViewChanges changes) {
        return new UnderWay(governance, changes);
    }

    @Bean
    GateParts gateParts(
            GateInputs inputs,
            UnderWay underWay,
            UpstreamServers servers,
            ListFreshness freshness,
            GateSettings settings,
            ComputePool pool,
            Clock clock) {
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
    Gate gate(GateParts parts) {
        return new GovernedGate(parts);
    }

    @Bean
    TrailReports trailReports(GateInputs inputs, Workers workers, Clock clock) {
        return new TrailReports(
                inputs.trail(), inputs.payloads(), inputs.digests(), workers.threads(), clock);
    }
}
