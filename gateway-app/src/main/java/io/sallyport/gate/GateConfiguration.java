package io.sallyport.gate;

import io.sallyport.recording.ArgumentsDigest;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.Payloads;
import io.sallyport.recording.TrailReports;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.ListFreshness;
import io.sallyport.tenant.ViewChanges;
import io.sallyport.threads.ComputePool;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** The gate with its steps, and what it writes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({GateSettings.class, StopSettings.class})
class GateConfiguration {
    @Bean
    static Clock clock() {
        return Clock.systemUTC();
    }

    /** Their calls are recorded to the end, whatever else is made first. */
    @Bean
    @DependsOn("store")
    static Workers workers(StopSettings settings) {
        return new Workers(settings.grace());
    }

    @Bean
    @DependsOn("store")
    static ComputePool computePool() {
        return new ComputePool();
    }

    @Bean
    static UnderWay underWay(Governance governance, ViewChanges changes) {
        return new UnderWay(governance, changes);
    }

    @Bean
    static Validators validators(ComputePool pool) {
        return new Validators(pool);
    }

    @Bean
    static CallRecords callRecords(Payloads payloads, Clock clock) {
        return new CallRecords(payloads, clock);
    }

    @Bean
    static Admission admission(
            ListFreshness lists, GateSettings settings, Clock clock, Validators validators) {
        return new Admission(lists, new Circuits(settings), clock, validators);
    }

    @Bean
    static ApprovalStep approvalStep(
            Approvals approvals, ArgumentsDigest digests, CallRecords records, Clock clock) {
        return new ApprovalStep(approvals, digests, records, clock);
    }

    @Bean
    static GateRecorder gateRecorder(AuditTrail trail, Approvals approvals, CallRecords records) {
        return new GateRecorder(trail, approvals, records);
    }

    @Bean
    static UpstreamRoundTrip upstreamRoundTrip(
            UpstreamServers servers,
            UnderWay underWay,
            Validators validators,
            AuditTrail trail,
            CallRecords records) {
        return new UpstreamRoundTrip(servers, underWay, validators, trail, records);
    }

    @Bean
    static Gate gate(
            Governance governance,
            Admission admission,
            ApprovalStep approval,
            GateRecorder recorder,
            UpstreamRoundTrip upstream) {
        return new GovernedGate(governance, admission, approval, recorder, upstream);
    }

    @Bean
    static TrailReports trailReports(
            AuditTrail trail,
            Payloads payloads,
            ArgumentsDigest digests,
            Workers workers,
            Clock clock) {
        return new TrailReports(trail, payloads, digests, workers.threads(), clock);
    }
}
