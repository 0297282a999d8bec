package io.sallyport.catalog;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** All that one server lists, complete and as listed. */
public record ServerLists(
        List<JsonNode> tools,
        List<JsonNode> resources,
        List<JsonNode> templates,
        List<JsonNode> prompts) {
    public ServerLists {
        tools = List.copyOf(tools);
        resources = List.copyOf(resources);
        templates = List.copyOf(templates);
        prompts = List.copyOf(prompts);
    }
}
