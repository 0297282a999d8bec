package io.sallyport.vetting.schema;

import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.VettingStopped;
import io.sallyport.catalog.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A schema from outside, compiled into a registry of its own, that can reach nothing but itself.
 *
 * <p>A validation runs on the caller's thread and is bounded by {@link Effort}: a count gives the
 * same verdict on a busy machine as on an idle one. Callers on virtual threads try {@link
 * #validateBriefly} first and leave what is costly to threads of its own. Safe for use by many
 * threads.
 */
public final class CompiledSchema {
    /** A model corrects a few faults at a time. */
    private static final int MAX_VIOLATIONS = 20;

    /** Bytes that the library takes for each, at most (measured). */
    private static final long PER_SUBSCHEMA = 1_600;

    private static final long PER_INSTRUCTION = 60;
    private static final long PER_NODE = 160;

    /** Texts are shared with the tree that was listed, which may be gone before this is. */
    private static final long PER_BYTE = 2;

    private static final SchemaRegistryConfig CONFIG =
            SchemaRegistryConfig.builder()
                    .regularExpressionFactory(CompiledSchema::pattern)
                    .formatAssertionsEnabled(false)
                    .build();

    private final Schema schema;
    private final CheckedSchema checked;
    private final Optional<DeclaredMembers> closed;

    private CompiledSchema(Schema schema, CheckedSchema checked, Optional<DeclaredMembers> closed) {
        this.schema = schema;
        this.checked = checked;
        this.closed = closed;
    }

    /**
     * Checks and compiles {@code schema}; survives whatever it makes the library do.
     *
     * @throws VettingStopped if the thread was interrupted
     */
    public static CompiledSchema compile(JsonNode schema) throws RejectedSchema {
        try {
            var checked = CheckedSchema.of(schema);
            return new CompiledSchema(compiled(checked), checked, Optional.empty());
        } catch (StackOverflowError e) {
            throw SchemaRules.tooLarge("");
        } catch (VettingStopped e) {
            throw e;
        } catch (RuntimeException e) {
            throw SchemaRules.invalid("");
        }
    }

    /**
     * The same schema, which also refuses members that its top level does not declare, unless it
     * allows them explicitly ({@link #openings}).
     */
    public CompiledSchema closed() {
        var declared = Optional.of(DeclaredMembers.of(checked.graph().root()));
        return new CompiledSchema(schema, checked, declared.filter(_ -> openings().isEmpty()));
    }

    /** Where the top level allows members that it does not name. */
    public List<String> openings() {
        return DeclaredMembers.openings(checked.graph().root());
    }

    /** Where keywords stand that are not judged. */
    public List<String> unjudged() {
        return checked.unjudged();
    }

    /** About how many bytes of memory it takes, rather more than less. */
    public long weight() {
        return PER_SUBSCHEMA * checked.size().subschemas()
                + PER_INSTRUCTION * checked.size().instructions()
                + PER_NODE * nodes(checked.schema())
                + PER_BYTE * checked.bytes();
    }

    private static long nodes(JsonNode node) {
        long nodes = 1;
        for (var child : node) {
            nodes += nodes(child);
        }
        return nodes;
    }

    /** Returns the first violations; empty means valid. What cannot be judged is a violation. */
    public List<Violation> validate(JsonNode value) {
        return validate(value, Effort.bounded());
    }

    List<Violation> validate(JsonNode value, Effort effort) {
        try {
            return effort.run(() -> violations(value));
        } catch (ValidationLimitExceededException | Effort.Exhausted | StackOverflowError e) {
            return List.of(new Violation("", "takes too much work to check"));
        } catch (RuntimeException e) {
            return List.of(new Violation("", "cannot be checked against the schema"));
        }
    }

    /** Like {@link #validate}, but empty if that takes more than half a millisecond's work. */
    public Optional<List<Violation>> validateBriefly(JsonNode value) {
        return validateBriefly(value, Effort.brief());
    }

    Optional<List<Violation>> validateBriefly(JsonNode value, Effort effort) {
        try {
            return Optional.of(effort.run(() -> violations(value)));
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.empty(); // whoever validates with the whole allowance says what it is
        }
    }

    private List<Violation> violations(JsonNode value) {
        var errors = schema.validate(new BoundedContext(), value, OutputFormat.DEFAULT);
        var violations = new ArrayList<Violation>();
        errors.stream().limit(MAX_VIOLATIONS).map(ViolationText::of).forEach(violations::add);
        closed.ifPresent(declared -> violations.addAll(declared.undeclared(value)));
        return violations.stream().distinct().toList();
    }

    private static Schema compiled(CheckedSchema checked) {
        var registry =
                SchemaRegistry.withDefaultDialect(
                        checked.dialect().metered(),
                        builder ->
                                builder.schemaRegistryConfig(CONFIG)
                                        .schemaLoader(loader -> loader.allow(iri -> false)));
        var schema = registry.getSchema(checked.schema());
        schema.initializeValidators();
        return schema;
    }

    static LinearPattern pattern(String source) {
        try {
            return LinearPattern.compile(source);
        } catch (UnsupportedPattern e) {
            throw new SchemaException("unsupported pattern");
        }
    }
}
