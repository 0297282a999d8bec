package io.sallyport.vetting;

import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.Violation;
import io.sallyport.vetting.schema.CompiledSchema;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Judges the structured results of one tool by its output schema, within the same bounds as {@link
 * ArgumentValidator}. Undeclared members are left to the schema. Safe for use by many threads.
 */
public final class ResultValidator {
    private final CompiledSchema schema;

    private ResultValidator(CompiledSchema schema) {
        this.schema = schema;
    }

    public static ResultValidator compile(JsonNode outputSchema) throws RejectedSchema {
        return new ResultValidator(CompiledSchema.compile(outputSchema));
    }

    /** About how many bytes of memory it takes. */
    public long weight() {
        return schema.weight();
    }

    /** Like {@link ArgumentValidator#unjudged}. */
    public List<String> unjudged() {
        return schema.unjudged();
    }

    /** Like {@link ArgumentValidator#validateBriefly}. */
    public Optional<List<Violation>> validateBriefly(JsonNode structuredContent) {
        return schema.validateBriefly(structuredContent);
    }

    /** Returns what is wrong with {@code structuredContent}; empty means valid. */
    public List<Violation> validate(JsonNode structuredContent) {
        return schema.validate(structuredContent);
    }
}
