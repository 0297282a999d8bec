package io.sallyport.catalog.schema;

import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The names that the top level of a schema declares in {@code properties} and {@code
 * patternProperties}, its combinations and references included. A server that wants arbitrary
 * members ({@code additionalProperties}) declares none by that: an admin says so instead.
 *
 * <p>A branch that does not apply ({@code then}) declares as well, so its patterns are matched here
 * although the schema never does: charged to the running validation, which that may end.
 */
final class DeclaredMembers {
    /** A model corrects a few faults at a time; names are shown by their first characters. */
    private static final int MAX_UNDECLARED = 20;

    private static final int MAX_NAME = 100;

    /** A name is hashed and looked up. */
    private static final long PER_NAME = 10;

    private final Set<String> names = new HashSet<>();
    private final List<LinearPattern> patterns = new ArrayList<>();

    private DeclaredMembers() {}

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
                .map(DeclaredMembers::violation)
                .toList();
    }

    private boolean isDeclared(String name) {
        Effort.charge(PER_NAME);
        Effort.charge(name);
        return names.contains(name) || patterns.stream().anyMatch(pattern -> pattern.matches(name));
    }

    private static Violation violation(String name) {
        var pointer = JsonPointers.append("", ShortText.cut(name, MAX_NAME));
        return new Violation(pointer, "is not a declared argument");
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
