package io.sallyport.catalog;

import io.sallyport.policy.ToolRef;
import java.util.List;

/**
 * A named choice of tools.
 *
 * @param tools globs {@code server/tool}: {@code *} stands for any characters within its segment, a
 *     lone {@code *} for every tool. They match real names, never aliases.
 */
public record Toolset(String name, List<String> tools) {
    public Toolset {
        tools = List.copyOf(tools);
    }

    public boolean contains(ToolRef tool) {
        return tools.stream().anyMatch(glob -> matches(glob, tool));
    }

    private static boolean matches(String glob, ToolRef tool) {
        if (glob.equals("*")) {
            return true;
        }
        int slash = glob.indexOf('/');
        return slash >= 0
                && Glob.matches(glob.substring(0, slash), tool.server().value())
                && Glob.matches(glob.substring(slash + 1), tool.tool());
    }
}
