package io.sallyport.vetting.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.HashSet;
import tools.jackson.databind.JsonNode;

/**
 * {@code uniqueItems}. The library keeps the items themselves in a hash table, whose keys a caller
 * can choose to collide (H1: 60 000 of them took two minutes). Here each item is compared by {@link
 * ComparedText}: strings that collide are kept in order, and every one is charged when it is read.
 */
final class UniqueItems extends BaseKeywordValidator implements KeywordValidator {
    private final boolean unique;

    UniqueItems(
            Keyword keyword,
            SchemaLocation location,
            JsonNode limit,
            Schema parent,
            SchemaContext context) {
        super(keyword, limit, location, parent, context);
        unique = limit.booleanValue(false);
    }

    @Override
    public void validate(
            ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
        if (!unique || !node.isArray()) {
            return;
        }
        var seen = new HashSet<String>();
        for (var item : node) {
            if (!seen.add(ComparedText.of(item))) {
                context.addError(
                        error().instanceNode(node)
                                .instanceLocation(location)
                                .evaluationPath(context.getEvaluationPath())
                                .locale(context.getExecutionConfig().getLocale())
                                .build());
            }
        }
    }
}
