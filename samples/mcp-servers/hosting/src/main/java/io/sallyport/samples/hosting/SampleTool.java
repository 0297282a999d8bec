package io.sallyport.samples.hosting;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.util.function.Function;

/**
 * One tool of a sample.
 *
 * @param tool the descriptor as it is listed
 * @param answer what a call answers; the SDK has validated the arguments against the input schema
 */
public record SampleTool(Tool tool, Function<Arguments, CallToolResult> answer) {

    /** What a tool does to the world; becomes the descriptor's annotations. */
    public enum Effect {
        READ,
        WRITE,
        DESTROY;

        ToolAnnotations annotations() {
            return ToolAnnotations.builder()
                    .readOnlyHint(this == READ)
                    .destructiveHint(this == DESTROY)
                    .idempotentHint(this != WRITE)
                    .openWorldHint(false)
                    .build();
        }
    }

    /**
     * @param inputSchema JSON Schema 2020-12 as text, an object that admits no undeclared member
     */
    public static SampleTool of(
            String name,
            Effect effect,
            String description,
            String inputSchema,
            Function<Arguments, CallToolResult> answer) {
        var tool =
                Tool.builder(name, McpJsonDefaults.getMapper(), inputSchema)
                        .description(description)
                        .annotations(effect.annotations())
                        .build();
        return new SampleTool(tool, answer);
    }

    /** The same tool, listed with another description. */
    public SampleTool described(String description) {
        return new SampleTool(copy().description(description).build(), answer);
    }

    /** The same tool, whose results carry {@code structuredContent} of this JSON Schema. */
    public SampleTool answering(String outputSchema) {
        var copy = copy().outputSchema(McpJsonDefaults.getMapper(), outputSchema);
        return new SampleTool(copy.build(), answer);
    }

    private Tool.Builder copy() {
        return Tool.builder(tool.name(), tool.inputSchema())
                .description(tool.description())
                .outputSchema(tool.outputSchema())
                .annotations(tool.annotations());
    }

    /** A result with one text block. */
    public static CallToolResult text(String text) {
        return CallToolResult.builder().addTextContent(text).isError(false).build();
    }

    /** A result that tells the model what it did wrong. */
    public static CallToolResult failure(String sentence) {
        return CallToolResult.builder().addTextContent(sentence).isError(true).build();
    }

    SyncToolSpecification specification() {
        return new SyncToolSpecification(
                tool, (_, request) -> answered(Arguments.of(request.arguments())));
    }

    /**
     * Whatever breaks is a result: for a tool that throws, the SDK answers on a thread that Reactor
     * may interrupt meanwhile, and then the client sees the connection end.
     */
    private CallToolResult answered(Arguments arguments) {
        try {
            return answer.apply(arguments);
        } catch (RuntimeException _) {
            return failure("The tool broke.");
        }
    }
}
