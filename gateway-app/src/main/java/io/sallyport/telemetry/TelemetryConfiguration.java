package io.sallyport.telemetry;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and metrics, on a port of their own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ManagementSettings.class)
class TelemetryConfiguration {
    @Bean
    Serving serving() {
        return new Serving();
    }

    @Bean
    Health gatewayHealth(Readiness readiness, Serving serving) {
        return new Health(readiness, serving);
    }

    /** Everything that measures is asked when somebody scrapes, and not before. */
    @Bean
    PrometheusMeterRegistry meters(List<MeterBinder> binders) {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        binders.forEach(it -> it.bindTo(meters));
        return meters;
    }

    @Bean
    MeterBinder processMeters() {
        return meters ->
                List.of(
                                new ClassLoaderMetrics(),
                                new JvmMemoryMetrics(),
                                new JvmThreadMetrics(),
                                new ProcessorMetrics(),
                                new UptimeMetrics(),
                                new FileDescriptorMetrics())
                        .forEach(it -> it.bindTo(meters));
    }

    /** Listens to the collector until it is closed. */
    @Bean
    JvmGcMetrics garbageCollection() {
        return new JvmGcMetrics();
    }

    @Bean
    MeterBinder nettyMeters() {
        return meters -> {
            if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
                new NettyAllocatorMetrics(allocator).bindTo(meters);
            }
        };
    }

    @Bean
    ManagementServer managementServer(
            ManagementSettings settings, Health health, PrometheusMeterRegistry meters) {
        return new ManagementServer(settings, health, meters);
    }
}
