package io.sallyport.vetting.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.RejectedSchema;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The dialects of JSON Schema that are understood. Everything else is refused, never skipped. */
final class SchemaDialect {
    /** What MCP means when a schema names none. */
    static final SchemaDialect DRAFT_2020_12 =
            new SchemaDialect(
                    Dialects.getDraft202012(),
                    "https://json-schema.org/draft/2020-12/schema",
                    names("draft/2020-12"));

    /** The last one that has lists as {@code items}, and the newest of those. */
    static final SchemaDialect DRAFT_2019_09 =
            new SchemaDialect(
                    Dialects.getDraft201909(),
                    "https://json-schema.org/draft/2019-09/schema",
                    names("draft/2019-09"));

    /** What most published servers still write. */
    static final SchemaDialect DRAFT_07 =
            new SchemaDialect(
                    Dialects.getDraft7(),
                    "http://json-schema.org/draft-07/schema#",
                    names("draft-07"));

    /** Draft-07 lacks nothing that the two before it say, once {@link SchemaSpelling} read them. */
    private static final SchemaDialect DRAFT_06 =
            new SchemaDialect(DRAFT_07.metered, DRAFT_07.metaSchema, names("draft-06"));

    private static final SchemaDialect DRAFT_04 =
            new SchemaDialect(DRAFT_07.metered, DRAFT_07.metaSchema, names("draft-04"));

    static final List<SchemaDialect> ALL =
            List.of(DRAFT_2020_12, DRAFT_2019_09, DRAFT_07, DRAFT_06, DRAFT_04);

    private static final Pattern STANDARD_VOCABULARY =
            Pattern.compile("https://json-schema\\.org/draft/20(19-09|20-12)/vocab/.*");

    private final Dialect metered;
    private final Schema metaSchema;
    private final Set<String> names;

    private SchemaDialect(Dialect dialect, String metaSchema, Set<String> names) {
        this.metered = metered(dialect);
        this.metaSchema = metaSchema(this.metered, metaSchema);
        this.names = names;
    }

    private SchemaDialect(Dialect metered, Schema metaSchema, Set<String> names) {
        this.metered = metered;
        this.metaSchema = metaSchema;
        this.names = names;
    }

    /** With either scheme: many write the one that a draft does not have. */
    private static Set<String> names(String draft) {
        return Set.of(
                "http://json-schema.org/" + draft + "/schema",
                "https://json-schema.org/" + draft + "/schema");
    }

    /**
     * The library remembers every unknown keyword for ever and writes it to the log. Keywords come
     * from strangers: they are ignored here, and looked at by the vetting rules like any text. The
     * known ones are charged for their work.
     */
    private static Dialect metered(Dialect dialect) {
        return Dialect.builder(dialect)
                .keywords(MeteredKeyword.of(dialect))
                .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name))
                .build();
    }

    /** For schemas of strangers; usable within {@link Effort#run} only. */
    Dialect metered() {
        return metered;
    }

    /**
     * The meta-schema is read from the library's own jar, once; no schema from outside can name
     * what is read.
     */
    private static Schema metaSchema(Dialect dialect, String location) {
        var config = SchemaRegistryConfig.builder().formatAssertionsEnabled(false).build();
        return SchemaRegistry.withDefaultDialect(
                        dialect, builder -> builder.schemaRegistryConfig(config))
                .getSchema(SchemaLocation.of(location));
    }

    /** A schema is foreign data to the meta-schema, and charged for like any. */
    void checkMetaSchema(JsonNode schema) throws RejectedSchema {
        List<Error> errors;
        try {
            errors = Effort.counted().run(() -> metaSchema.validate(schema));
        } catch (Effort.Exhausted e) {
            throw SchemaRules.tooLarge("");
        }
        if (!errors.isEmpty()) {
            throw SchemaRules.invalid(errors.getFirst().getInstanceLocation().toString());
        }
    }

    /** Reads the dialect that {@code root} asks for. */
    static SchemaDialect of(JsonNode root) throws RejectedSchema {
        var named = root.path("$schema");
        if (isAbsent(named)) {
            return DRAFT_2020_12;
        }
        for (var dialect : ALL) {
            if (dialect.isNamedBy(named)) {
                return dialect;
            }
        }
        throw new RejectedSchema(SchemaRules.UNSUPPORTED_DIALECT, "/$schema");
    }

    /** Whether a schema that names this dialect calls {@code $id} {@code id}. */
    boolean spellsIdWithoutDollar() {
        return this == DRAFT_04;
    }

    /**
     * The dialect that {@code graph} is compiled in. Lists as {@code items} and {@code
     * $recursiveRef} are of 2019-09 and older, whatever a schema calls itself; with {@code
     * prefixItems} beside them they mean nothing.
     */
    SchemaDialect spokenIn(SchemaGraph graph) {
        boolean isOlder =
                this == DRAFT_2020_12
                        && graph.all().stream().anyMatch(SchemaDialect::isOf201909)
                        && graph.all().stream().noneMatch(SchemaDialect::isOf202012Only);
        return isOlder ? DRAFT_2019_09 : this;
    }

    private static boolean isOf201909(Subschema subschema) {
        return subschema.node.path("items").isArray() || subschema.node.has("$recursiveRef");
    }

    private static boolean isOf202012Only(Subschema subschema) {
        return subschema.node.has("prefixItems")
                || subschema.node.has("$dynamicRef")
                || subschema.node.has("$dynamicAnchor");
    }

    /** Refuses another dialect or a vocabulary of its own inside a schema. */
    void checkKept(JsonNode subschema, String pointer) throws RejectedSchema {
        var named = subschema.path("$schema");
        if (!isAbsent(named) && !isNamedBy(named)) {
            throw unsupported(pointer, "$schema");
        }
        for (var vocabulary : subschema.path("$vocabulary").properties()) {
            boolean optional = !vocabulary.getValue().booleanValue(true);
            if (!optional && !STANDARD_VOCABULARY.matcher(vocabulary.getKey()).matches()) {
                throw unsupported(pointer, "$vocabulary");
            }
        }
    }

    private static boolean isAbsent(JsonNode named) {
        return named.isMissingNode()
                || named.isNull()
                || named.isString() && named.stringValue().isBlank();
    }

    private boolean isNamedBy(JsonNode named) {
        var name = named.stringValue("").strip();
        return names.contains(name.endsWith("#") ? name.substring(0, name.length() - 1) : name);
    }

    private static RejectedSchema unsupported(String pointer, String keyword) {
        return new RejectedSchema(
                SchemaRules.UNSUPPORTED_DIALECT, JsonPointers.append(pointer, keyword));
    }
}
