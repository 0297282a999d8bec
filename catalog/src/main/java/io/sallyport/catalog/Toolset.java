package io.sallyport.catalog;

import io.sallyport.policy.ToolGlob;
import io.sallyport.policy.ToolRef;
import java.util.List;
import java.util.Optional;

/** A named choice of tools. */
public final class Toolset {
    private final String name;
    private final List<String> tools;
    private final List<ToolGlob> globs;

    /**
     * @param tools globs as policies have them ({@link ToolGlob}); they match real names, never
     *     aliases. What is none matches nothing.
     */
    public Toolset(String name, List<String> tools) {
        this.name = name;
        this.tools = List.copyOf(tools);
        globs = tools.stream().map(ToolGlob::parse).flatMap(Optional::stream).toList();
    }

    public String name() {
        return name;
    }

    /** As the admin wrote them. */
    public List<String> tools() {
        return tools;
    }

    public boolean contains(ToolRef tool) {
        return globs.stream().anyMatch(glob -> glob.matches(tool));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Toolset toolset
                && toolset.name.equals(name)
                && toolset.tools.equals(tools);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + tools.hashCode();
    }
}
