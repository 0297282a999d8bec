package io.sallyport.vetting;

import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.Violation;
import io.sallyport.vetting.schema.CompiledSchema;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Judges the arguments of one tool by its input schema. Compiled once for a digest (about a
 * millisecond); a validation of small arguments takes about ten microseconds, of any arguments less
 * than 250 ms, on the caller's thread, and ends when that is interrupted. Safe for use by many
 * threads.
 *
 * <p>Formats are annotations, as in 2020-12: {@code format} refuses nothing.
 */
public final class ArgumentValidator {
    /** Arguments that nobody's thread is kept for; calls have a few. */
    private static final int MAX_BRIEF_MEMBERS = 100;

    private final CompiledSchema schema;

    private ArgumentValidator(CompiledSchema schema) {
        this.schema = schema;
    }

    /**
     * @param inputSchema the schema as the server listed it; it must describe an object
     * @param lenient whether members of the arguments object that the schema does not declare are
     *     left to the schema; otherwise they are refused unless it explicitly allows additional
     *     ones
     */
    public static ArgumentValidator compile(JsonNode inputSchema, boolean lenient)
            throws RejectedSchema {
        var schema = CompiledSchema.compile(inputSchema);
        if (!inputSchema.path("type").stringValue("").equals("object")) {
            throw new RejectedSchema("invalid_schema", "/type");
        }
        return new ArgumentValidator(lenient ? schema : schema.closed());
    }

    /** Where the schema explicitly allows arguments that it does not name, as JSON pointers. */
    public List<String> openings() {
        return schema.openings();
    }

    /** About how many bytes of memory it takes. */
    public long weight() {
        return schema.weight();
    }

    /** Where keywords of the schema stand that are not judged, as JSON pointers. */
    public List<String> unjudged() {
        return schema.unjudged();
    }

    /** Returns what is wrong with {@code arguments}, at most 40 violations; empty means valid. */
    public List<Violation> validate(JsonNode arguments) {
        return schema.validate(arguments);
    }

    /**
     * Like {@link #validate}, for threads that others wait for: empty if the schema asks for more
     * than half a millisecond's work.
     */
    public Optional<List<Violation>> validateBriefly(JsonNode arguments) {
        if (arguments.size() > MAX_BRIEF_MEMBERS) {
            return Optional.empty();
        }
        return schema.validateBriefly(arguments);
    }
}
