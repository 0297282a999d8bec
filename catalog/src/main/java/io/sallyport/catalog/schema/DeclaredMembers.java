package io.sallyport.catalog.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names that the top level of a schema declares in {@code properties} and {@code
 * patternProperties}, its combinations and references included. A server that wants arbitrary
 * members ({@code additionalProperties}) declares none by that: an admin says so instead.
 */
public final class DeclaredMembers {
    private final Set<String> names = new HashSet<>();
    private final List<LinearPattern> patterns = new ArrayList<>();

    private DeclaredMembers() {}

    static DeclaredMembers of(Subschema root) {
        var declared = new DeclaredMembers();
        declared.collect(root, new HashSet<>());
        return declared;
    }

    /** Returns those of {@code members} that are not declared. */
    public List<String> undeclared(Collection<String> members) {
        if (names.containsAll(members)) {
            return List.of();
        }
        return Effort.bounded(() -> members.stream().filter(name -> !isDeclared(name)).toList());
    }

    private boolean isDeclared(String name) {
        return names.contains(name)
                || patterns.stream().anyMatch(pattern -> isWithin(pattern, name));
    }

    /** A name that takes too much work to check is not declared. */
    private static boolean isWithin(LinearPattern pattern, String name) {
        try {
            return pattern.matches(name);
        } catch (Effort.Exhausted e) {
            return false;
        }
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
