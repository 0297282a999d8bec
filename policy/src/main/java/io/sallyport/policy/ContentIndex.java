package io.sallyport.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rules by the servers whose resources, or whose prompts, they can match. A rule sits by its
 * servers if each of its patterns names one, else in the shelf that every decision looks at. So no
 * decision meets a rule twice.
 */
final class ContentIndex {
    private final ContentKind kind;
    private final Map<ServerSlug, List<Rule>> byServer = new HashMap<>();
    private final List<Rule> everywhere = new ArrayList<>();

    ContentIndex(ContentKind kind, List<Rule> rules) {
        this.kind = kind;
        rules.forEach(rule -> rule.target().of(kind).ifPresent(selection -> add(rule, selection)));
    }

    /** Returns the rules that match {@code request}, in the order of the document. */
    List<Rule> matching(ContentRequest request) {
        var found = new ArrayList<Rule>();
        collect(byServer.getOrDefault(request.server(), List.of()), request, found);
        collect(everywhere, request, found);
        found.sort(Comparator.comparingInt(Rule::position));
        return found;
    }

    private void collect(List<Rule> shelf, ContentRequest request, List<Rule> found) {
        for (var rule : shelf) {
            if (rule.matches(kind, request)) {
                found.add(rule);
            }
        }
    }

    private void add(Rule rule, ContentSelection selection) {
        var servers = selection.globs().stream().map(ContentGlob::onlyServer).toList();
        if (servers.isEmpty() || servers.stream().anyMatch(Optional::isEmpty)) {
            everywhere.add(rule);
        } else {
            servers.stream().flatMap(Optional::stream).distinct().forEach(it -> put(it, rule));
        }
    }

    private void put(ServerSlug server, Rule rule) {
        byServer.computeIfAbsent(server, _ -> new ArrayList<>()).add(rule);
    }
}
