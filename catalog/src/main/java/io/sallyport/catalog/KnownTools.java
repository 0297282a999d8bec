package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of all tools of a tenant, prepared once for the vetting of any of its servers: a
 * listing costs what that server lists, not what the tenant has.
 */
public final class KnownTools {
    /** A name that could not be an ordinary word of a description: joined, or in camel case. */
    private static final Pattern DISTINCT = Pattern.compile(".*([_-].|[a-z][A-Z]).*");

    private final Map<String, List<ToolRef>> byWord = new HashMap<>();
    private final Map<String, List<ToolRef>> bySkeleton = new HashMap<>();
    private final Map<ToolRef, String> aliases = new HashMap<>();

    private KnownTools() {}

    /** Tools under the aliases that they get unless an operator says otherwise. */
    public static KnownTools of(Collection<ToolRef> tools) {
        var known = new KnownTools();
        tools.forEach(it -> known.add(it, ToolNaming.STANDARD.alias(it.server(), it.tool())));
        return known;
    }

    /** What the catalogue holds. */
    public static KnownTools catalogued(Collection<CatalogTool> tools) {
        var known = new KnownTools();
        tools.forEach(it -> known.add(it.ref(), it.listed().alias()));
        return known;
    }

    private void add(ToolRef tool, String alias) {
        aliases.put(tool, alias);
        Folding.skeletons(tool.tool()).forEach(look -> put(bySkeleton, look, tool));
        put(byWord, word(alias), tool);
        if (DISTINCT.matcher(tool.tool()).matches()) {
            put(byWord, word(tool.tool()), tool);
        }
    }

    private static void put(Map<String, List<ToolRef>> map, String key, ToolRef tool) {
        map.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(tool);
    }

    /** Names are compared like this where they stand in a text. */
    public static String word(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The alias of a tool of another server than {@code own} that is called by this word. */
    public Optional<String> named(String word, ServerSlug own) {
        return byWord.getOrDefault(word, List.of()).stream()
                .filter(it -> !it.server().equals(own))
                .map(aliases::get)
                .findFirst();
    }

    /** Whether another server than {@code own} has a tool that looks like this one and is not. */
    public boolean hasDouble(String name, ServerSlug own) {
        return Folding.skeletons(name).stream()
                .flatMap(look -> bySkeleton.getOrDefault(look, List.of()).stream())
                .anyMatch(it -> !it.server().equals(own) && !it.tool().equals(name));
    }
}
