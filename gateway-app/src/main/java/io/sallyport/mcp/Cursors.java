package io.sallyport.mcp;

import io.sallyport.catalog.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Pages of lists. A cursor names the last item of the page before, sealed for one principal, one
 * endpoint and one list.
 */
final class Cursors {
    static final int PAGE = 250;

    private final StateKeys keys;

    Cursors(StateKeys keys) {
        this.keys = keys;
    }

    /**
     * @param next cursor of the page after this, absent on the last
     */
    record Page<T>(List<T> items, Optional<String> next) {}

    /**
     * The page of {@code items} that a cursor asks for; empty if the cursor is not ours. An absent
     * or empty cursor asks for the first page.
     *
     * @param items in the order of their keys
     */
    <T> Optional<Page<T>> page(
            List<T> items, Function<T, String> key, JsonNode cursor, String context) {
        var after = cursor.isMissingNode() ? Optional.of("") : position(cursor, context);
        return after.map(it -> pageAfter(it, items, key, context));
    }

    private Optional<String> position(JsonNode cursor, String context) {
        if (!cursor.isString()) {
            return Optional.empty();
        }
        return cursor.asString().isEmpty()
                ? Optional.of("")
                : keys.open(cursor.asString(), context)
                        .map(it -> new String(it, StandardCharsets.UTF_8));
    }

    private <T> Page<T> pageAfter(
            String after, List<T> items, Function<T, String> key, String context) {
        var rest =
                items.stream()
                        .filter(it -> key.apply(it).compareTo(after) > 0)
                        .limit(PAGE + 1L)
                        .toList();
        if (rest.size() <= PAGE) {
            return new Page<>(rest, Optional.empty());
        }
        var page = rest.subList(0, PAGE);
        var last = key.apply(page.getLast()).getBytes(StandardCharsets.UTF_8);
        return new Page<>(page, Optional.of(keys.seal(last, context)));
    }

    /** What cursors of this list are good for. */
    static String binding(McpRequestContext context, String method) {
        var principal = context.caller().principal();
        var parts = JsonNodeFactory.instance.arrayNode();
        parts.add("mcp-cursor")
                .add(principal.tenant().value())
                .add(principal.subject())
                .add(context.path())
                .add(method);
        return JsonText.text(parts);
    }
}
