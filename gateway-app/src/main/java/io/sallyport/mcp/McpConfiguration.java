package io.sallyport.mcp;

import io.sallyport.gate.Governance;
import io.sallyport.gate.ToolGate;
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
    LegacyLane legacyLane(ToolGate gate, Governance governance, Sessions sessions) {
        return new LegacyLane(gate, governance, sessions);
    }
}
