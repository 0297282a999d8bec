package io.sallyport.acceptance;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import reactor.core.publisher.Mono;

/**
 * Every route that the handler mappings of an application know. A kind of mapping or predicate that
 * this class cannot read is an error, never a route that is left out.
 */
final class RouteInventory {
    private static final Set<String> EVERY_METHOD =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final Set<Route> routes = new LinkedHashSet<>();

    /** One method of one path pattern. */
    record Route(String method, String pattern) {
        /** A path that the pattern matches. */
        String path() {
            return pattern.replaceAll("\\{\\*?[^}]*}", "x").replace("**", "x").replace("*", "x");
        }
    }

    private RouteInventory() {}

    static Set<Route> of(ApplicationContext context) {
        var inventory = new RouteInventory();
        context.getBeansOfType(HandlerMapping.class).values().forEach(inventory::read);
        return inventory.routes;
    }

    private void read(HandlerMapping mapping) {
        switch (mapping) {
            case RouterFunctionMapping it ->
                    Objects.requireNonNull(it.getRouterFunction()).accept(new Functions());
            case RequestMappingInfoHandlerMapping it -> readMethods(it);
            case AbstractUrlHandlerMapping it ->
                    it.getHandlerMap()
                            .keySet()
                            .forEach(path -> add(EVERY_METHOD, path.getPatternString()));
            case HandlerMapping it -> throw unreadable(it.getClass().getName());
        }
    }

    private void readMethods(RequestMappingInfoHandlerMapping mapping) {
        for (var mapped : mapping.getHandlerMethods().keySet()) {
            var methods = new LinkedHashSet<String>();
            mapped.getMethodsCondition().getMethods().forEach(it -> methods.add(it.name()));
            mapped.getPatternsCondition()
                    .getPatterns()
                    .forEach(it ->
                            add(methods.isEmpty() ? EVERY_METHOD : methods, it.getPatternString()));
        }
    }

    private void add(Set<String> methods, String pattern) {
        methods.forEach(it -> routes.add(new Route(it, pattern)));
    }

    private static AssertionError unreadable(String what) {
        return new AssertionError("the route inventory cannot read " + what);
    }

    /** Walks router functions, nested ones under the path of their nest. */
    private final class Functions implements RouterFunctions.Visitor {
        private final Deque<String> prefixes = new ArrayDeque<>(List.of(""));

        @Override
        public void startNested(RequestPredicate predicate) {
            var nest = new Conditions();
            predicate.accept(nest);
            prefixes.push(prefixes.getFirst() + nest.path);
        }

        @Override
        public void endNested(RequestPredicate predicate) {
            prefixes.pop();
        }

        @Override
        public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
            var conditions = new Conditions();
            predicate.accept(conditions);
            add(conditions.methods, prefixes.getFirst() + conditions.path);
        }

        @Override
        public void resources(Function<ServerRequest, Mono<Resource>> lookup) {
            throw unreadable("resources");
        }

        @Override
        public void attributes(Map<String, Object> attributes) {
            // they match nothing
        }

        @Override
        public void unknown(RouterFunction<?> function) {
            throw unreadable(function.getClass().getName());
        }
    }

    /** Reads "this method and this path"; headers and the like only narrow. */
    private static final class Conditions implements RequestPredicates.Visitor {
        private Set<String> methods = EVERY_METHOD;
        private String path = "";

        @Override
        public void method(Set<HttpMethod> allowed) {
            methods = new LinkedHashSet<>();
            allowed.forEach(it -> methods.add(it.name()));
        }

        @Override
        public void path(String pattern) {
            path += pattern;
        }

        @Override
        public void startOr() {
            throw unreadable("an or");
        }

        @Override
        public void startNegate() {
            throw unreadable("a negation");
        }

        @Override
        public void unknown(RequestPredicate predicate) {
            throw unreadable(predicate.getClass().getName());
        }

        @Override
        @SuppressWarnings("removal") // the interface asks for it
        public void pathExtension(String extension) {
            throw unreadable("a path extension");
        }

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
        public void or() {}

        @Override
        public void endOr() {}

        @Override
        public void endNegate() {}
    }
}
