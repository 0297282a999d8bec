package io.sallyport.vetting.text;

import io.sallyport.catalog.Folding;
import io.sallyport.catalog.KnownTools;
import io.sallyport.catalog.ShortText;
import io.sallyport.policy.ServerSlug;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tools among which a tool will be seen: those of its own list and those of other servers. */
public final class NeighbourTools {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{3,64}");

    private static final int MAX_SEARCHED = 64 * 1024;

    private final ServerSlug server;
    private final KnownTools known;
    private final Set<String> ownWords;
    private final Map<String, Set<String>> ownBySkeleton = new HashMap<>();

    /**
     * @param own names in the list that is being vetted; tools of one server may name each other
     * @param known tools of the tenant; those of {@code server} itself do not count
     */
    public NeighbourTools(ServerSlug server, Collection<String> own, KnownTools known) {
        this.server = server;
        this.known = known;
        ownWords = own.stream().map(KnownTools::word).collect(Collectors.toUnmodifiableSet());
        own.forEach(this::addSkeleton);
    }

    private void addSkeleton(String name) {
        for (var look : Folding.skeletons(name)) {
            ownBySkeleton.computeIfAbsent(look, _ -> new HashSet<>()).add(name);
        }
    }

    /** The alias of the first tool of another server that {@code text} names. */
    Optional<String> namedIn(String text) {
        return WORD.matcher(ShortText.cut(text, MAX_SEARCHED))
                .results()
                .map(match -> KnownTools.word(match.group()))
                .filter(word -> !ownWords.contains(word))
                .map(word -> known.named(word, server))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Whether {@code name} could be taken for another tool's, or hides letters that look alike. */
    public boolean looksLikeAnother(String name) {
        return Folding.isDisguised(name)
                || Folding.skeletons(name).stream()
                        .flatMap(look -> ownBySkeleton.getOrDefault(look, Set.of()).stream())
                        .anyMatch(other -> !other.equals(name))
                || known.hasDouble(name, server);
    }
}
