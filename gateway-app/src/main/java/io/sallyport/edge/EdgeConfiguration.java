package io.sallyport.edge;

import io.sallyport.bridge.ByteBudget;
import io.sallyport.error.RouteTable;
import io.sallyport.identity.HostRules;
import io.sallyport.identity.PublicAddress;
import io.sallyport.recording.Rejections;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.codec.ServerCodecConfigurer;
import reactor.netty.http.HttpResources;
import reactor.netty.http.server.HttpServer;

/** The web server's limits and what stands before the handlers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpSettings.class)
class EdgeConfiguration {
    /**
     * The event loops that everything in the process shares, so that a request and its upstream
     * call can stay on one. They outlive this gateway: another in the same process may use them.
     */
    @Bean
    ReactorResourceFactory eventLoops() {
        var resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(HttpResources.get());
        resources.setConnectionProvider(HttpResources.get());
        return resources;
    }

    @Bean
    ByteBudget byteBudget() {
        return ByteBudget.ofHeap();
    }

    @Bean
    RequestGuard requestGuard(Rejections rejections, ByteBudget budget, HttpSettings settings) {
        return new RequestGuard(rejections, budget, settings.bodyTimeout());
    }

    @Bean
    DirectRoutes directRoutes(RouteTable routes, ServerCodecConfigurer codecs) {
        return new DirectRoutes(routes, codecs);
    }

    @Bean
    HostRules hostRules(HttpSettings settings) {
        return new HostRules(settings.ownHosts(), settings.origins());
    }

    @Bean
    PublicAddress publicAddress(HttpSettings settings) {
        return new PublicAddress(Optional.ofNullable(settings.publicUrl()));
    }

    @Bean
    NettyServerCustomizer httpLimits(HttpSettings settings) {
        return server -> limited(server, settings);
    }

    private static HttpServer limited(HttpServer server, HttpSettings settings) {
        var unread = new UnreadAnswers(settings.maxUnread());
        return server.idleTimeout(settings.idleTimeout())
                .doOnChannelInit((_, channel, _) -> {
                    ConnectionWatch.over(channel.pipeline(), settings.headTimeout());
                    channel.pipeline()
                            .addFirst(
                                    "sallyport.writes",
                                    new WriteWatch(settings.writeTimeout(), unread));
                });
    }
}
