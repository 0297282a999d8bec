package io.sallyport.mcp;

import io.sallyport.gate.Gate;
import io.sallyport.gate.UnderWay;
import io.sallyport.gate.Workers;
import io.sallyport.recording.Rejections;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.ViewChanges;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.Supervision;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The lanes of the MCP face. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(McpSettings.class)
class McpConfiguration {
    @Bean
    Sessions sessions(
            StateKeys keys,
            Rejections rejections,
            EndpointCalls endpointCalls,
            Clock clock,
            McpSettings settings) {
        return new Sessions(keys, rejections, endpointCalls.lists()::isUsable, clock, settings);
    }

    @Bean
    KeepAlive keepAlive(McpSettings settings, Sessions sessions, Supervision supervision) {
        return new KeepAlive(settings.keepAlive(), sessions, supervision);
    }

    @Bean
    EndpointCalls endpointCalls(
            Gate gate, Governance governance, StateKeys keys, ComputePool pool, Clock clock) {
        return new EndpointCalls(gate, new Lists(governance, new Cursors(keys), clock), pool);
    }

    @Bean
    Listeners listeners(
            EndpointCalls endpointCalls, ViewChanges changes, Clock clock, McpSettings settings) {
        return new Listeners(endpointCalls, changes, clock, settings.streams());
    }

    @Bean
    ModernLane modernLane(
            EndpointCalls endpointCalls,
            Listeners listeners,
            Updates updates,
            RequestStates states,
            Rejections rejections) {
        var calls = new ModernCalls(endpointCalls, states, rejections);
        return new ModernLane(endpointCalls, calls, listeners, updates, rejections);
    }

    @Bean
    Updates updates(EndpointCalls endpointCalls, Workers workers) {
        return new Updates(endpointCalls.lists(), workers.threads());
    }

    @Bean
    RequestStates requestStates(StateKeys keys, Clock clock) {
        return new RequestStates(keys, clock);
    }

    @Bean
    LegacyCalls legacyCalls(
            EndpointCalls endpointCalls, Updates updates, UnderWay underWay, McpSettings settings) {
        return new LegacyCalls(endpointCalls, updates, underWay, settings.clientPatience());
    }

    @Bean
    LegacyLane legacyLane(
            EndpointCalls endpointCalls,
            LegacyCalls calls,
            Listeners listeners,
            Sessions sessions,
            Rejections rejections) {
        return new LegacyLane(endpointCalls, calls, listeners, sessions, rejections);
    }

    @Bean
    McpFace mcpFace(ModernLane modern, LegacyLane legacy, Rejections rejections) {
        return new McpFace(modern, legacy, rejections);
    }
}
