package io.sallyport.bridge;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.ToolDescriptor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool descriptor as the OpenAI API takes it: {@code {"type":"function","function":{…}}}. The
 * pinned descriptor itself is never touched.
 */
public final class FunctionTools {
    /** Longest description that every provider takes. */
    private static final int MAX_DESCRIPTION = 1024;

    private static final String CUT = "… [cut]";

    private FunctionTools() {}

    /** Without what is not judged of its schema: no provider can do more with it. */
    public static ObjectNode of(CatalogTool tool) {
        return of(tool.listed(), tool.judgedSchema());
    }

    public static ObjectNode of(ToolDescriptor descriptor) {
        return of(descriptor, descriptor.inputSchema());
    }

    private static ObjectNode of(ToolDescriptor descriptor, JsonNode schema) {
        var tool = JsonNodeFactory.instance.objectNode().put("type", "function");
        var function = tool.putObject("function").put("name", descriptor.alias());
        var description = description(descriptor.tree());
        if (!description.isEmpty()) {
            function.put("description", description);
        }
        function.set("parameters", ProviderSchema.of(schema));
        return tool;
    }

    private static String description(JsonNode descriptor) {
        var text = descriptor.path("description").asString("");
        if (text.length() <= MAX_DESCRIPTION) {
            return text;
        }
        var end = MAX_DESCRIPTION - CUT.length();
        var splitsPair = Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, splitsPair ? end - 1 : end) + CUT;
    }
}
