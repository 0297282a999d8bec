package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import tools.jackson.databind.node.ObjectNode;

/** The arguments of a tool call as OpenAI has them: the text of a JSON object. */
final class ArgumentText {
    private static final String NAME = "arguments";
    private static final String NONE = "{}";

    private ArgumentText() {}

    /**
     * Some models write an object where its text belongs; a text goes back to them, because every
     * provider takes one.
     */
    static void write(ObjectNode call) {
        Members.object(call, "function")
                .filter(it -> it.path(NAME).isContainer())
                .ifPresent(it -> it.put(NAME, JsonText.text(it.path(NAME))));
    }

    /**
     * Models leave the arguments of a tool without any empty, blank or {@code null}: that is the
     * empty object, and the tool's schema judges it. Called for an answer that the model ended; in
     * a cut one nothing stands for nothing.
     */
    static void fill(ObjectNode call) {
        Members.object(call, "function")
                .filter(ArgumentText::isEmpty)
                .ifPresent(it -> it.put(NAME, NONE));
    }

    private static boolean isEmpty(ObjectNode function) {
        if (!Members.has(function, NAME)) {
            return true;
        }
        var text = Members.text(function, NAME).strip();
        return function.path(NAME).isString() && (text.isEmpty() || text.equals("null"));
    }
}
