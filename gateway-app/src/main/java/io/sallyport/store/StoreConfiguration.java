package io.sallyport.store;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.sallyport.admin.TenantSettings;
import io.sallyport.identity.Pepper;
import io.sallyport.mcp.StateKeys;
import io.sallyport.recording.ArgumentsDigest;
import io.sallyport.servers.TenantNames;
import io.sallyport.telemetry.Readiness;
import io.sallyport.threads.Supervision;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the store is to the other rooms: each adapter by the ports that it implements. The store
 * closes its parts itself, after all beans that were made of them.
 */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
    private static final String CLOSED_BY_THE_STORE = "";

    private final Store store;

    StoreConfiguration(Store store) {
        this.store = store;
    }

    @Bean(destroyMethod = CLOSED_BY_THE_STORE)
    TenantViews views() {
        return store.views();
    }

    @Bean(destroyMethod = CLOSED_BY_THE_STORE)
    GroupCommitWriter auditTrail() {
        return store.trail();
    }

    @Bean
    ApprovalRows approvals() {
        return store.approvals();
    }

    @Bean
    PayloadVault payloads() {
        return store.payloads();
    }

    @Bean
    ServerRows servers() {
        return store.servers();
    }

    @Bean
    TenantSettings tenantSettings() {
        return store.settings();
    }

    @Bean
    TenantNames tenantNames(TenantSettings settings) {
        return settings::tenants;
    }

    @Bean
    StopRows stops() {
        return store.stops();
    }

    @Bean
    ClaimRows claims() {
        return store.claims();
    }

    @Bean
    AuditRows auditReader() {
        return store.audit();
    }

    @Bean
    PayloadRows payloadReader() {
        return store.payloadReader();
    }

    @Bean
    PastCallRows pastCalls() {
        return store.pastCalls();
    }

    @Bean
    ArgumentsDigest argumentsDigest() {
        return store.digests();
    }

    @Bean
    StateKeys stateKeys() {
        return store.stateKeys();
    }

    @Bean
    Pepper pepper() {
        return store.pepper();
    }

    @Bean
    Supervision supervision() {
        return store.supervision();
    }

    @Bean
    MeterBinder storeMeters() {
        return store::measure;
    }

    @Bean
    Readiness readiness() {
        return new Readiness(
                store::trouble, store::remarks, store::components, store.supervision());
    }
}
