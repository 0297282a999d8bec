package io.sallyport.samples.hosting;

import java.util.List;

/**
 * What a sample serves.
 *
 * @param name told in {@code serverInfo}
 * @param instructions one sentence for the model
 * @param tools as first listed; {@link LoopbackMcpServer#replace} changes one later
 */
public record McpSample(String name, String instructions, List<SampleTool> tools) {

    public McpSample {
        tools = List.copyOf(tools);
    }
}
