package io.sallyport.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.threads.Await;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.server.RequestPath;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

class RouteTableTest {
    private final RouteTable table =
            table(
                    RouterFunctions.route().GET("/", RouteTableTest::served).build(),
                    RouterFunctions.route()
                            .GET("/v1/models/{model}", RouteTableTest::served)
                            .GET("/.known/{*rest}", RouteTableTest::served)
                            .build(),
                    RouterFunctions.route().GET("/v1/calls/{id}", RouteTableTest::served).build(),
                    RouterFunctions.route().POST("/mcp", RouteTableTest::served).build());

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1/models/m", "/.known/a/b", "/v1/calls/c"})
    void hasEveryRouteThatTheFunctionsHave(String path) throws Exception {
        assertThat(isRouted(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/v1/else", "/mcp", "/mcp/x"})
    void findsNoHandlerWhereAKnownPathHasNoSuchRoute(String path) throws Exception {
        assertThat(isRouted(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/m", "/v", "/v1x", "/MCP"})
    void hasNothingBelowOtherPaths(String path) {
        assertThat(table.of(path(path))).isEmpty();
    }

    @Test
    void tellsTheMethodsOfAPath() {
        assertThat(table.methods(path("/mcp"))).containsExactly("POST");
        assertThat(table.methods(path("/mcp/x"))).isEmpty();
    }

    private boolean isRouted(String path) throws InterruptedException {
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.get(path));
        var request = ServerRequest.create(exchange, List.of());
        return Await.one(table.of(path(path)).orElseThrow().route(request).hasElement());
    }

    private static RequestPath path(String path) {
        return RequestPath.parse(path, "");
    }

    private static RouteTable table(RouterFunction<?>... functions) {
        return new RouteTable(
                new ObjectProvider<RouterFunction<?>>() {
                    @Override
                    public Stream<RouterFunction<?>> orderedStream() {
                        return Stream.of(functions);
                    }
                });
    }

    private static Mono<ServerResponse> served(ServerRequest request) {
        return ServerResponse.ok().build();
    }
}
