package io.sallyport.chat;

import io.sallyport.error.Reason;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code tool_choice} of a request. */
final class ToolChoice {
    private static final String MEMBER = "tool_choice";

    private ToolChoice() {}

    static boolean isNone(ObjectNode body) {
        return Members.text(body, MEMBER).equals("none");
    }

    /**
     * @throws ChatFailure if it names a tool that is not among {@code names}
     */
    static void requireAmong(Set<String> names, ObjectNode body) {
        if (!names.containsAll(named(body.path(MEMBER)))) {
            throw ChatFailure.invalid(
                    Reason.TOOL_NOT_ALLOWED,
                    "tool_choice names a tool that does not exist or that you may not use.",
                    MEMBER);
        }
    }

    private static List<String> named(JsonNode choice) {
        if (!choice.isObject()) {
            return List.of();
        }
        return switch (Members.text(choice, "type")) {
            case "function" -> List.of(Members.text(choice.path("function"), "name"));
            case "custom" -> List.of(Members.text(choice.path("custom"), "name"));
            case "allowed_tools" ->
                    Members.elements(choice.path("allowed_tools"), "tools").stream()
                            .flatMap(it -> named(it).stream())
                            .toList();
            default ->
                    throw ChatFailure.invalid(
                            Reason.UNSUPPORTED_PARAMETER,
                            "This kind of tool_choice is not supported.",
                            MEMBER);
        };
    }

    /** {@code required} and named tools hold for the first round; afterwards the model is free. */
    static void relax(ObjectNode body) {
        if (Members.has(body, MEMBER)) {
            body.put(MEMBER, "auto");
        }
    }

    /** Providers refuse the member where there are no tools to choose from. */
    static void forbid(ObjectNode body) {
        if (Members.has(body, "tools")) {
            body.put(MEMBER, "none");
        }
    }
}
