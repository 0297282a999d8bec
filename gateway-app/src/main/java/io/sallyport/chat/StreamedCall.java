package io.sallyport.chat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.provider.AnswerPieces;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One tool call that arrives in fragments. */
final class StreamedCall {
    private static final Set<String> BODIES = Set.of("function", "custom");
    private static final String ARGUMENTS = "arguments";
    private static final Pattern EMPTY_OBJECT = Pattern.compile("\\s*+\\{\\s*+}\\s*+");

    private final AnswerPieces held;
    private final ObjectNode head = JsonNodeFactory.instance.objectNode();
    private final Map<String, TextJoiner> bodies = new LinkedHashMap<>();

    /**
     * @param held counts what is kept
     */
    StreamedCall(AnswerPieces held) {
        this.held = held;
    }

    void add(ObjectNode fragment) {
        for (var member : fragment.properties()) {
            if (BODIES.contains(member.getKey())) {
                addBody(member.getKey(), member.getValue());
            } else {
                addHead(member.getKey(), member.getValue());
            }
        }
    }

    private void addBody(String kind, JsonNode fragment) {
        var body = bodies.computeIfAbsent(kind, _ -> new TextJoiner(held));
        for (var member : fragment.properties()) {
            forgetPlaceholder(body, member.getKey(), member.getValue());
            if (!isRepeatedName(body, member.getKey(), member.getValue())) {
                body.append(member.getKey(), member.getValue());
            }
        }
    }

    /** Some write an empty object first, and then the arguments from their beginning. */
    private static void forgetPlaceholder(TextJoiner body, String member, JsonNode value) {
        if (member.equals(ARGUMENTS)
                && body.isShort(ARGUMENTS, EMPTY_OBJECT)
                && Members.textOf(value).orElse("").stripLeading().startsWith("{")) {
            body.forgetText(ARGUMENTS);
        }
    }

    /** Some providers repeat the whole name in every fragment. */
    private static boolean isRepeatedName(TextJoiner body, String member, JsonNode value) {
        return member.equals("name")
                && value.isString()
                && body.isText("name", value.stringValue());
    }

    /** The first id and type hold; an empty one says nothing. */
    private void addHead(String name, JsonNode value) {
        var isEmpty = value.isNull() || (value.isString() && value.stringValue().isEmpty());
        if (!isEmpty && !name.equals("index") && !head.path(name).isString()) {
            Members.put(head, name, value, held);
        }
    }

    /**
     * Whether arguments have begun that stay, so that the name is complete; an empty object may be
     * there in place of others.
     */
    boolean hasArguments() {
        return bodies.values().stream().anyMatch(StreamedCall::hasArguments);
    }

    private static boolean hasArguments(TextJoiner body) {
        return body.hasText(ARGUMENTS) && !body.isShort(ARGUMENTS, EMPTY_OBJECT)
                || body.hasText("input");
    }

    /** Whether it has a name and the whole of arguments that are not empty. */
    boolean isComplete() {
        var call = RequestedCall.read(tree());
        return !call.name().isEmpty() && isFilledObject(call);
    }

    private static boolean isFilledObject(RequestedCall call) {
        try {
            var arguments = StrictJson.read(call.argumentBytes());
            return arguments.isObject() && !arguments.isEmpty();
        } catch (MalformedJson e) {
            return false;
        }
    }

    /** The call as it stands in a whole message. */
    ObjectNode tree() {
        var tree = head.deepCopy();
        RequestedCall.ensureType(tree, bodies.containsKey("custom"));
        bodies.forEach((kind, body) -> body.writeTo(tree.putObject(kind)));
        return tree;
    }
}
