package io.sallyport.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Rules by the tools that they can match, so that a decision looks at no others. A rule sits in one
 * kind of shelf only: by tool if each of its patterns names one tool, else by server if each names
 * one server, else in the shelf that every decision looks at. So no decision meets a rule twice.
 */
final class RuleIndex {
    private final Map<ToolRef, List<Rule>> byTool = new HashMap<>();
    private final Map<ServerSlug, List<Rule>> byServer = new HashMap<>();
    private final List<Rule> everywhere = new ArrayList<>();

    RuleIndex(List<Rule> rules) {
        rules.forEach(rule -> rule.target().tools().ifPresent(tools -> add(rule, tools)));
    }

    /** Returns the rules that match {@code request}, in the order of the document. */
    List<Rule> matching(AccessRequest request) {
        var found = new ArrayList<Rule>();
        var tool = request.tool();
        collect(byTool.getOrDefault(tool, List.of()), request, found);
        collect(byServer.getOrDefault(tool.server(), List.of()), request, found);
        collect(everywhere, request, found);
        found.sort(Comparator.comparingInt(Rule::position));
        return found;
    }

    private static void collect(List<Rule> shelf, AccessRequest request, List<Rule> found) {
        for (var rule : shelf) {
            if (rule.matches(request)) {
                found.add(rule);
            }
        }
    }

    private void add(Rule rule, ToolSelection tools) {
        shelves(tools.globs(), ToolGlob::onlyTool)
                .ifPresentOrElse(
                        found -> found.forEach(tool -> put(byTool, tool, rule)),
                        () -> addByServer(rule, tools));
    }

    private void addByServer(Rule rule, ToolSelection tools) {
        shelves(tools.globs(), ToolGlob::onlyServer)
                .ifPresentOrElse(
                        servers -> servers.forEach(server -> put(byServer, server, rule)),
                        () -> everywhere.add(rule));
    }

    /** Returns the distinct keys of all patterns, or empty if some pattern has none. */
    private static <K> Optional<Set<K>> shelves(
            List<ToolGlob> globs, Function<ToolGlob, Optional<K>> key) {
        var keys = globs.stream().map(key).toList();
        if (keys.isEmpty() || keys.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        return Optional.of(
                keys.stream().flatMap(Optional::stream).collect(Collectors.toUnmodifiableSet()));
    }

    private static <K> void put(Map<K, List<Rule>> shelves, K key, Rule rule) {
        shelves.computeIfAbsent(key, _ -> new ArrayList<>()).add(rule);
    }
}
