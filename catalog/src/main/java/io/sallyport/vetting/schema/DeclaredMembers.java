package io.sallyport.vetting.schema;

import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The names that the top level of a schema declares in {@code properties} and {@code
 * patternProperties}, its combinations and references included. Where the top level says of other
 * members what they may be ({@code additionalProperties: true}), they are declared as well: see
 * {@link #openings}.
 *
 * <p>A branch that does not apply ({@code then}) declares as well, so its patterns are matched here
 * although the schema never does: charged to the running validation, which that may end.
 */
final class DeclaredMembers {
    /** A model corrects a few faults at a time. */
    private static final int MAX_UNDECLARED = 20;

    /** A name is hashed and looked up. */
    private static final long PER_NAME = 10;

    private final Set<String> names = new HashSet<>();
    private final List<LinearPattern> patterns = new ArrayList<>();

    private DeclaredMembers() {}

    /**
     * Where the top level explicitly allows members that it does not name; the schema itself says
     * of what kind. What stands in a {@code not} or an {@code if} allows nothing.
     */
    static List<String> openings(Subschema root) {
        var openings = new ArrayList<String>();
        collectOpenings(root, new HashSet<>(), openings);
        return openings;
    }

    private static void collectOpenings(
            Subschema subschema, Set<Subschema> seen, List<String> openings) {
        if (!seen.add(subschema)) {
            return;
        }
        for (var keyword : List.of("additionalProperties", "unevaluatedProperties")) {
            var others = subschema.node.path(keyword);
            if (others.isObject() || others.booleanValue(false)) {
                openings.add(JsonPointers.append(subschema.pointer, keyword));
            }
        }
        subschema.inPlace.stream()
                .filter(it -> !it.pointer.equals(subschema.pointer + "/not"))
                .filter(it -> !it.pointer.equals(subschema.pointer + "/if"))
                .forEach(it -> collectOpenings(it, seen, openings));
    }

    static DeclaredMembers of(Subschema root) {
        var declared = new DeclaredMembers();
        declared.collect(root, new HashSet<>());
        return declared;
    }

    /** The first members of {@code value} that are not declared; nothing is asked of the others. */
    List<Violation> undeclared(JsonNode value) {
        return value.propertyNames().stream()
                .filter(name -> !isDeclared(name))
                .limit(MAX_UNDECLARED)
                .map(name -> ViolationText.undeclared("", name))
                .toList();
    }

    private boolean isDeclared(String name) {
        Effort.charge(PER_NAME);
        Effort.charge(name);
        return names.contains(name) || patterns.stream().anyMatch(pattern -> pattern.matches(name));
    }

    private void collect(Subschema subschema, Set<Subschema> seen) {
        if (!seen.add(subschema)) {
            return;
        }
        names.addAll(subschema.node.path("properties").propertyNames());
        for (var source : subschema.node.path("patternProperties").propertyNames()) {
            patterns.add(CompiledSchema.pattern(source));
        }
        subschema.inPlace.forEach(next -> collect(next, seen));
    }
}
