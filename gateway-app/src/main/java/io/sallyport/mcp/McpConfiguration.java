package io.sallyport.mcp;

import io.sallyport.gate.Gate;
import io.sallyport.gate.Governance;
import io.sallyport.gate.Rejections;
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
    McpFace mcpFace(Gate gate, Governance governance, Sessions sessions, Rejections rejections) {
        var surface = new Surface(gate, governance);
        return new McpFace(
                new ModernLane(surface, rejections),
                new LegacyLane(surface, sessions, rejections),
                rejections);
    }
}
