package io.sallyport.mcp;

import io.sallyport.bridge.ComputePool;
import io.sallyport.bridge.Supervision;
import io.sallyport.gate.Gate;
import io.sallyport.gate.Governance;
import io.sallyport.gate.Rejections;
import io.sallyport.gate.UnderWay;
import io.sallyport.gate.ViewChanges;
import io.sallyport.gate.Workers;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The lanes of the MCP face. */
@Configuration(proxyBeanMethods = false)
class McpConfiguration {
    private static final Duration SESSION_IDLE = Duration.ofMinutes(30);

    /** Under every proxy's and client's idle limit that we know of. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** People answer; longer than this they went for lunch. */
    private static final Duration CLIENT_PATIENCE = Duration.ofMinutes(5);

    @Bean
    Sessions sessions(StateKeys keys, Rejections rejections, Surface surface, Clock clock) {
        return new Sessions(keys, rejections, surface.lists()::isUsable, clock, SESSION_IDLE);
    }

    @Bean
    Pulse pulse(Sessions sessions, Supervision supervision) {
        return new Pulse(KEEP_ALIVE, sessions, supervision);
    }

    @Bean
    Surface surface(
            Gate gate, Governance governance, StateKeys keys, ComputePool pool, Clock clock) {
        return new Surface(gate, new Lists(governance, new Cursors(keys), clock), pool);
    }

    @Bean
    Listeners listeners(Surface surface, ViewChanges changes, Clock clock) {
        return new Listeners(surface, changes, clock);
    }

    @Bean
    ModernLane modernLane(
            Surface surface,
            Listeners listeners,
            Updates updates,
            RequestStates states,
            Rejections rejections) {
        var calls = new ModernCalls(surface, states, rejections);
        return new ModernLane(surface, calls, listeners, updates, rejections);
    }

    @Bean
    Updates updates(Surface surface, Workers workers) {
        return new Updates(surface.lists(), workers.threads());
    }

    @Bean
    RequestStates requestStates(StateKeys keys, Clock clock) {
        return new RequestStates(keys, clock);
    }

    @Bean
    LegacyCalls legacyCalls(Surface surface, Updates updates, UnderWay underWay) {
        return new LegacyCalls(surface, updates, underWay, CLIENT_PATIENCE);
    }

    @Bean
    LegacyLane legacyLane(
            Surface surface,
            LegacyCalls calls,
            Listeners listeners,
            Sessions sessions,
            Rejections rejections) {
        return new LegacyLane(surface, calls, listeners, sessions, rejections);
    }

    @Bean
    McpFace mcpFace(ModernLane modern, LegacyLane legacy, Rejections rejections) {
        return new McpFace(modern, legacy, rejections);
    }
}
