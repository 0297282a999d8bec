package io.sallyport.mcp;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Where the MCP face is found. */
@Configuration(proxyBeanMethods = false)
class McpRoutes {
    @Bean
    RouterFunction<ServerResponse> mcpEndpoints(McpHandler handler) {
        return RouterFunctions.route()
                .POST("/mcp", handler::post)
                .DELETE("/mcp", handler::delete)
                .GET("/mcp", handler::listen)
                .POST("/mcp/servers/{server}", handler::post)
                .DELETE("/mcp/servers/{server}", handler::delete)
                .GET("/mcp/servers/{server}", handler::listen)
                .POST("/mcp/toolsets/{toolset}", handler::post)
                .DELETE("/mcp/toolsets/{toolset}", handler::delete)
                .GET("/mcp/toolsets/{toolset}", handler::listen)
                .build();
    }
}
