package io.sallyport.vetting.schema;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One schema inside a schema, and the schemas that judging it leads to. */
final class Subschema {
    final String pointer;
    final JsonNode node;

    /** Whether an {@code $id} below the root gives references another base here. */
    final boolean rebased;

    /** Schemas that are applied to the same value: references and combinations. */
    final List<Subschema> inPlace = new ArrayList<>();

    /** Of all these, those by whose fit this one decides ({@code anyOf}, {@code not} …). */
    final List<Subschema> onTrial = new ArrayList<>();

    /** Schemas that are applied to a part of the value. */
    final List<Subschema> onParts = new ArrayList<>();

    Subschema(String pointer, JsonNode node, boolean rebased) {
        this.pointer = pointer;
        this.node = node;
        this.rebased = rebased;
    }
}
