package io.sallyport.mcp;

import io.sallyport.gate.Gate;
import io.sallyport.gate.Governance;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The lanes of the MCP face. */
@Configuration(proxyBeanMethods = false)
class McpConfiguration {
    @Bean
    Sessions sessions(Clock clock) {
        return new Sessions(clock);
    }

    @Bean
    LegacyLane legacyLane(Gate gate, Governance governance, Sessions sessions) {
        return new LegacyLane(gate, governance, sessions);
    }
}
