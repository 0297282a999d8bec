package io.sallyport.catalog.vetting;

import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.policy.ToolRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The tools among which a tool will be seen: those of its own list and those of other servers. */
public final class NeighbourTools {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{3,64}");

    /** A name that could not be an ordinary word of a description: joined, or in camel case. */
    private static final Pattern DISTINCT = Pattern.compile(".*([_-].|[a-z][A-Z]).*");

    private static final int MAX_SEARCHED = 64 * 1024;

    private final Map<String, String> aliasByWord = new HashMap<>();
    private final Map<String, Set<String>> namesBySkeleton = new HashMap<>();

    private NeighbourTools() {}

    /**
     * @param own names in the list that is being vetted; tools of one server may name each other
     * @param elsewhere tools of the tenant's other servers
     */
    public static NeighbourTools of(Collection<String> own, Collection<ToolRef> elsewhere) {
        var neighbours = new NeighbourTools();
        own.forEach(neighbours::addSkeleton);
        elsewhere.forEach(neighbours::addForeign);
        own.forEach(name -> neighbours.aliasByWord.remove(word(name)));
        return neighbours;
    }

    /** The alias of the first tool of another server that {@code text} names. */
    Optional<String> namedIn(String text) {
        if (aliasByWord.isEmpty()) {
            return Optional.empty();
        }
        return WORD.matcher(ShortText.cut(text, MAX_SEARCHED))
                .results()
                .map(match -> Optional.ofNullable(aliasByWord.get(word(match.group()))))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Whether {@code name} could be taken for another tool's, or hides letters that look alike. */
    public boolean looksLikeAnother(String name) {
        boolean disguised = !Folding.fold(name).equals(name.toLowerCase(Locale.ROOT));
        var similar = namesBySkeleton.getOrDefault(Folding.skeleton(name), Set.of());
        return disguised || similar.stream().anyMatch(other -> !other.equals(name));
    }

    private void addForeign(ToolRef tool) {
        var alias = ToolNaming.alias(tool.server(), tool.tool());
        addSkeleton(tool.tool());
        aliasByWord.put(word(alias), alias);
        if (DISTINCT.matcher(tool.tool()).matches()) {
            aliasByWord.put(word(tool.tool()), alias);
        }
    }

    private void addSkeleton(String name) {
        namesBySkeleton.computeIfAbsent(Folding.skeleton(name), _ -> new HashSet<>()).add(name);
    }

    private static String word(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
