package io.sallyport.identity;

import io.sallyport.catalog.JsonText;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a client without a credential is told about one (RFC 9728): public, and the same for every
 * MCP URL whether there is anything behind it or not. No authorization server is named, because
 * none is trusted: access is by API key, in the header only.
 */
@Configuration(proxyBeanMethods = false)
class MetadataRoutes {
    static final String PATH = "/.well-known/oauth-protected-resource";

    @Bean
    RouterFunction<ServerResponse> resourceMetadata(PublicAddress address) {
        return RouterFunctions.route()
                .GET("/", request -> welcome(request, address))
                .GET(PATH, request -> answer(request, address))
                .GET(PATH + "/{*resource}", request -> answer(request, address))
                .build();
    }

    /** For whoever opens the address to see what is there. */
    private static Mono<ServerResponse> welcome(ServerRequest request, PublicAddress address) {
        var base = address.base(request.exchange().getRequest());
        var welcome =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("name", "Sallyport")
                        .put("what", "A gateway for MCP servers and chat models. Bring an API key.")
                        .put("mcp", base + "/mcp")
                        .put("chat", base + "/v1")
                        .put("admin", base + "/admin/v1")
                        .put("documents", "docs/README.md in the distribution");
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JsonText.write(welcome));
    }

    private static Mono<ServerResponse> answer(ServerRequest request, PublicAddress address) {
        var resource = request.requestPath().value().substring(PATH.length());
        if (!resource.isEmpty() && !Routes.isBelow(resource, "/mcp")) {
            return Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
        }
        var metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("resource", address.base(request.exchange().getRequest()) + resource);
        metadata.put("resource_name", "Sallyport");
        metadata.putArray("bearer_methods_supported").add("header");
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JsonText.write(metadata));
    }
}
