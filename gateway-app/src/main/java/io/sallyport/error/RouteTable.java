package io.sallyport.error;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
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

/** All routes: who has those of a path, and which methods they have. Routes are not nested. */
@Component
public class RouteTable {
    private final List<RouterFunction<?>> functions;

    /** The functions that have routes below a first segment, each asked in their order. */
    private final Map<String, RouterFunction<?>> below = new HashMap<>();

    RouteTable(ObjectProvider<RouterFunction<?>> functions) {
        this.functions = functions.orderedStream().toList();
        for (var function : this.functions) {
            routes(function)
                    .map(it -> firstSegment(it.pattern().getPatternString()))
                    .distinct()
                    .forEach(it -> below.merge(it, function, RouterFunction::andOther));
        }
    }

    private record Route(Set<HttpMethod> methods, PathPattern pattern) {}

    /** Those that have all routes of the path, if there are any; other routes too. */
    public Optional<RouterFunction<?>> of(RequestPath path) {
        return Optional.ofNullable(below.get(firstSegment(path.value())));
    }

    private static String firstSegment(String path) {
        var end = path.indexOf('/', 1);
        return end < 0 ? path : path.substring(0, end);
    }

    /** The methods of the path in alphabetical order; none if no route has it. */
    Set<String> methods(RequestPath path) {
        var methods = new TreeSet<String>();
        functions.stream()
                .flatMap(RouteTable::routes)
                .filter(it -> it.pattern().matches(path.pathWithinApplication()))
                .forEach(it -> it.methods().forEach(method -> methods.add(method.name())));
        return methods;
    }

    private static Stream<Route> routes(RouterFunction<?> function) {
        var routes = new Collector();
        function.accept(routes);
        return routes.found.stream();
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
