package io.sallyport.error;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.RequestPath;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/** Which methods each path has; asked only when no route took a request. Routes are not nested. */
@Component
class RouteTable {
    private final ObjectProvider<RouterFunction<?>> functions;

    RouteTable(ObjectProvider<RouterFunction<?>> functions) {
        this.functions = functions;
    }

    private record Route(Set<HttpMethod> methods, PathPattern pattern) {}

    /** The methods of the path in alphabetical order; none if no route has it. */
    Set<String> methods(RequestPath path) {
        var methods = new TreeSet<String>();
        for (var route : routes()) {
            if (route.pattern().matches(path.pathWithinApplication())) {
                route.methods().forEach(it -> methods.add(it.name()));
            }
        }
        return methods;
    }

    private List<Route> routes() {
        var routes = new Collector();
        functions.orderedStream().forEach(it -> it.accept(routes));
        return routes.found;
    }

    /** Walks the router functions. */
    private static final class Collector implements RouterFunctions.Visitor {
        private final List<Route> found = new ArrayList<>();

        @Override
        public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
            var conditions = new Conditions();
            predicate.accept(conditions);
            found.add(conditions.route());
        }

        @Override
        public void startNested(RequestPredicate predicate) {}

        @Override
        public void endNested(RequestPredicate predicate) {}

        @Override
        public void resources(Function<ServerRequest, Mono<Resource>> lookup) {}

        @Override
        public void attributes(Map<String, Object> attributes) {}

        @Override
        public void unknown(RouterFunction<?> function) {}
    }

    /** Reads "this method and this path" and nothing else. */
    private static final class Conditions implements RequestPredicates.Visitor {
        private Set<HttpMethod> methods = Set.of();
        private String path = "";

        private Route route() {
            return new Route(methods, PathPatternParser.defaultInstance.parse(path));
        }

        @Override
        public void method(Set<HttpMethod> allowed) {
            methods = Set.copyOf(allowed);
        }

        @Override
        public void path(String pattern) {
            path = pattern;
        }

        @Override
        public void unknown(RequestPredicate predicate) {}

        @Override
        @SuppressWarnings("removal") // the interface asks for it
        public void pathExtension(String extension) {}

        @Override
        public void header(String name, String value) {}

        @Override
        public void queryParam(String name, String value) {}

        @Override
        public void version(String version) {}

        @Override
        public void startAnd() {}

        @Override
        public void and() {}

        @Override
        public void endAnd() {}

        @Override
        public void startOr() {}

        @Override
        public void or() {}

        @Override
        public void endOr() {}

        @Override
        public void startNegate() {}

        @Override
        public void endNegate() {}
    }
}
