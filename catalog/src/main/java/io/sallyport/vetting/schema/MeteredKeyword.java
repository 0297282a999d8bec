package io.sallyport.vetting.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.keyword.AnnotationKeyword;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A keyword of the library whose evaluations are charged to {@link Effort} before they run, by what
 * they will look at.
 */
final class MeteredKeyword implements Keyword {
    /**
     * References are known to the library by their class, and what they lead to is charged there;
     * it lets nobody replace {@code format}, which asserts nothing here.
     */
    private static final Set<String> UNMETERED =
            Set.of("$ref", "$dynamicRef", "$recursiveRef", "format");

    /**
     * What draft-07 lets a validator assert and later ones call annotations, as the gateway does:
     * the library matches the schema's own text by a regular expression that backtracks, and parses
     * and decodes the value, whatever that takes.
     */
    private static final Set<String> DESCRIBING =
            Set.of("contentEncoding", "contentMediaType", "contentSchema");

    private final Keyword metered;

    private MeteredKeyword(Keyword metered) {
        this.metered = metered;
    }

    /** The keywords of {@code dialect}, metered. */
    static List<Keyword> of(Dialect dialect) {
        return dialect.getKeywords().values().stream()
                .filter(keyword -> !UNMETERED.contains(keyword.getValue()))
                .map(MeteredKeyword::judged)
                .<Keyword>map(MeteredKeyword::new)
                .toList();
    }

    private static Keyword judged(Keyword keyword) {
        var name = keyword.getValue();
        return DESCRIBING.contains(name) ? new AnnotationKeyword(name) : keyword;
    }

    /** Whether it may refuse a value, and does not only describe it. */
    boolean isAsserting() {
        return !(metered instanceof AnnotationKeyword || metered instanceof NonValidationKeyword);
    }

    @Override
    public String getValue() {
        return metered.getValue();
    }

    @Override
    public @Nullable KeywordValidator newValidator(
            SchemaLocation location, JsonNode limit, Schema parent, SchemaContext context)
            throws Exception {
        var validator =
                getValue().equals("uniqueItems")
                        ? new UniqueItems(metered, location, limit, parent, context)
                        : metered.newValidator(location, limit, parent, context);
        if (validator == null) {
            return null;
        }
        return new MeteredValidator(validator, KeywordCost.of(getValue(), limit));
    }

    private record MeteredValidator(KeywordValidator metered, KeywordCost cost)
            implements KeywordValidator {
        @Override
        public void validate(
                ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            Effort.charge(cost.of(node, context, location));
            metered.validate(context, node, root, location);
        }

        @Override
        public String getKeyword() {
            return metered.getKeyword();
        }

        @Override
        public SchemaLocation getSchemaLocation() {
            return metered.getSchemaLocation();
        }

        @Override
        public void preloadSchema() {
            metered.preloadSchema();
        }
    }
}
