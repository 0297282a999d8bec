package io.sallyport.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Finds where two descriptors differ, down to single values. */
final class DescriptorDiff {
    /**
     * An admin reads the first few; a descriptor that changed throughout need not be listed whole.
     */
    private static final int MAX_CHANGES = 100;

    private final String kind;
    private final List<DescriptorChange> changes;

    private DescriptorDiff(String kind, List<DescriptorChange> changes) {
        this.kind = kind;
        this.changes = changes;
    }

    static Drift drift(Descriptor from, Descriptor to) {
        return new Drift(
                to.ref().toString(), from.digest(), to.digest(), changes(from.tree(), to.tree()));
    }

    static List<DescriptorChange> changes(JsonNode from, JsonNode to) {
        var changes = new ArrayList<DescriptorChange>();
        for (var member : memberNames(from, to)) {
            var diff = new DescriptorDiff(kindOf(member), changes);
            diff.compare(from.path(member), to.path(member), JsonPlace.ROOT.member(member));
        }
        return changes.isEmpty() ? List.of(new DescriptorChange("other", "")) : changes;
    }

    private static String kindOf(String member) {
        return switch (member) {
            case "name" -> "name";
            case "description" -> "description";
            case "inputSchema", "outputSchema" -> "schema";
            case "annotations" -> "annotations";
            default -> "other";
        };
    }

    private void compare(JsonNode from, JsonNode to, JsonPlace place) {
        if (changes.size() >= MAX_CHANGES) {
            return;
        }
        if (from.isObject() && to.isObject()) {
            for (var name : memberNames(from, to)) {
                compare(from.path(name), to.path(name), place.member(name));
            }
        } else if (from.isArray() && to.isArray()) {
            for (int at = 0; at < Math.max(from.size(), to.size()); at++) {
                compare(from.path(at), to.path(at), place.item(at));
            }
        } else if (!isSame(from, to)) {
            changes.add(new DescriptorChange(kind, place.pointer()));
        }
    }

    private static Set<String> memberNames(JsonNode from, JsonNode to) {
        var names = new TreeSet<>(from.propertyNames());
        names.addAll(to.propertyNames());
        return names;
    }

    /** By the bytes that the digest sees: {@code 1.0} and {@code 1.00} differ. */
    private static boolean isSame(JsonNode from, JsonNode to) {
        if (from.isMissingNode() || to.isMissingNode()) {
            return from.isMissingNode() && to.isMissingNode();
        }
        return Arrays.equals(CanonicalJson.write(from), CanonicalJson.write(to));
    }
}
