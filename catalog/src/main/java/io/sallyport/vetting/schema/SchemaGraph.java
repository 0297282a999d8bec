package io.sallyport.vetting.schema;

import io.sallyport.catalog.Applicators;
import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.RejectedSchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Every schema that one schema document holds, connected by what they apply and refer to.
 * References are resolved here, within the document and nowhere else; a document with any other
 * reference has no graph.
 */
final class SchemaGraph {
    static final List<String> REFERENCES = List.of("$ref", "$dynamicRef", "$recursiveRef");
    private static final List<String> ANCHORS = List.of("$anchor", "$dynamicAnchor");

    private final JsonNode document;
    private final Map<String, Subschema> byPointer = new LinkedHashMap<>();
    private final Map<String, Subschema> byAnchor = new HashMap<>();
    private final Map<String, Subschema> byReference = new HashMap<>();
    private final Deque<Subschema> unread = new ArrayDeque<>();
    private final Deque<Subschema> unresolved = new ArrayDeque<>();

    private SchemaGraph(JsonNode document) {
        this.document = document;
    }

    static SchemaGraph of(JsonNode document) throws RejectedSchema {
        var graph = new SchemaGraph(document);
        graph.enter("", document, false);
        graph.readHeld();
        graph.nameAnchors();
        graph.resolveReferences();
        return graph;
    }

    Subschema root() {
        return find("").orElseThrow();
    }

    Collection<Subschema> all() {
        return byPointer.values();
    }

    /** Where each reference leads, by its text: one place may be spelled in many ways. */
    Map<String, Subschema> references() {
        return byReference;
    }

    /** Everything that judging {@code subschema} leads to. */
    static Iterable<Subschema> next(Subschema subschema) {
        var next = new ArrayList<>(subschema.inPlace);
        next.addAll(subschema.onParts);
        return next;
    }

    /**
     * The schemas of which nothing may be left out, because something decides by whether they fit:
     * all that an {@code anyOf}, a {@code not} and their like lead to.
     */
    Set<Subschema> onTrial() {
        var onTrial = new HashSet<Subschema>();
        var unseen = new ArrayDeque<Subschema>();
        byPointer.values().forEach(it -> unseen.addAll(it.onTrial));
        while (!unseen.isEmpty()) {
            var subschema = unseen.remove();
            if (onTrial.add(subschema)) {
                next(subschema).forEach(unseen::add);
            }
        }
        return onTrial;
    }

    private Optional<Subschema> find(String pointer) {
        return Optional.ofNullable(byPointer.get(pointer));
    }

    private Subschema enter(String pointer, JsonNode node, boolean rebased) {
        return find(pointer).orElseGet(() -> added(pointer, node, rebased));
    }

    private Subschema added(String pointer, JsonNode node, boolean rebased) {
        var subschema = new Subschema(pointer, node, rebased);
        byPointer.put(pointer, subschema);
        unread.add(subschema);
        unresolved.add(subschema);
        return subschema;
    }

    /** The places, all in all, that are written out: a name may be as long as the document. */
    private void checkBudget(String pointer) throws RejectedSchema {
        if (byPointer.size() > SchemaRules.MAX_NODES
                || pointer.length() > SchemaRules.MAX_POINTER) {
            throw SchemaRules.tooLarge("");
        }
    }

    private void readHeld() throws RejectedSchema {
        while (!unread.isEmpty()) {
            var holder = unread.remove();
            Applicators.visit(holder.pointer, holder.node, held -> hold(holder, held));
        }
    }

    private void hold(Subschema holder, Applicators.Held held) throws RejectedSchema {
        checkBudget(held.pointer());
        boolean rebased = holder.rebased || held.schema().has("$id");
        var subschema = enter(held.pointer(), held.schema(), rebased);
        switch (held.use()) {
            case SAME_VALUE -> holder.inPlace.add(subschema);
            case PART_OF_VALUE -> holder.onParts.add(subschema);
            case DEFINITION -> {}
        }
        if (held.onTrial()) {
            holder.onTrial.add(subschema);
        }
    }

    private void nameAnchors() throws RejectedSchema {
        for (var subschema : byPointer.values()) {
            for (var keyword : ANCHORS) {
                var anchor = subschema.node.path(keyword);
                if (anchor.isString() && isTaken(anchor.stringValue(), subschema)) {
                    throw SchemaRules.invalid(JsonPointers.append(subschema.pointer, keyword));
                }
            }
        }
    }

    private boolean isTaken(String anchor, Subschema subschema) {
        var other = byAnchor.putIfAbsent(anchor, subschema);
        return other != null && other != subschema;
    }

    private void resolveReferences() throws RejectedSchema {
        while (!unresolved.isEmpty()) {
            var from = unresolved.remove();
            for (var keyword : REFERENCES) {
                var reference = from.node.path(keyword);
                if (reference.isString()) {
                    var target = target(from, keyword, reference.stringValue());
                    from.inPlace.add(target);
                    byReference.put(reference.stringValue(), target);
                }
            }
        }
    }

    private Subschema target(Subschema from, String keyword, String reference)
            throws RejectedSchema {
        var at = JsonPointers.append(from.pointer, keyword);
        if (!reference.startsWith("#") || from.rebased) {
            throw new RejectedSchema(SchemaRules.EXTERNAL_REF, at);
        }
        var target = within(reference.substring(1)).orElseThrow(() -> SchemaRules.invalid(at));
        readHeld(); // a reference may lead to a place that no keyword names as a schema
        return target;
    }

    private Optional<Subschema> within(String fragment) {
        if (!fragment.isEmpty() && !fragment.startsWith("/")) {
            return Optional.ofNullable(byAnchor.get(fragment));
        }
        return JsonPointers.ofFragment(fragment).flatMap(this::subschemaAt);
    }

    private Optional<Subschema> subschemaAt(JsonPointer place) {
        var node = document.at(place);
        boolean isSchema = node.isObject() || node.isBoolean();
        return isSchema
                ? Optional.of(enter(place.toString(), node, node.has("$id")))
                : Optional.empty();
    }
}
