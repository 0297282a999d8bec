package io.sallyport.bridge;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Secrets that stand where nobody calls them so: keys in the URL of a peer, tokens among the
 * arguments of a program. What looks like one is taken for one, for {@link PeerText}.
 */
public final class SecretWords {
    /** The value of a query's parameter that is more than a number, a date or a short word. */
    private static final Pattern VALUE = Pattern.compile("(?=[0-9.:-]*+[^0-9.:-]).{8,}+");

    /** Letters and digits mixed, as nobody would say them. */
    private static final Pattern SEGMENT =
            Pattern.compile("(?=[A-Za-z_]*+[0-9])(?=[0-9_]*+[A-Za-z])[A-Za-z0-9_]{16,}+");

    /** The same, where there are no names of models and of hosts. */
    private static final Pattern ARGUMENT =
            Pattern.compile(
                    "(?=[A-Za-z_~+-]*+[0-9])(?=[0-9_~+-]*+[A-Za-z])[A-Za-z0-9_~+][A-Za-z0-9_~+=-]{15,}+");

    private static final Pattern AND = Pattern.compile("[&;]");
    private static final Pattern SLASH = Pattern.compile("/");

    private SecretWords() {}

    /** The values of its query, and of its path what looks like a key. */
    public static List<String> ofUrl(URI url) {
        var query = Optional.ofNullable(url.getQuery()).orElse("");
        var path = Optional.ofNullable(url.getPath()).orElse("");
        var values =
                AND.splitAsStream(query)
                        .map(it -> it.substring(it.indexOf('=') + 1))
                        .filter(it -> VALUE.matcher(it).matches());
        var segments = SLASH.splitAsStream(path).filter(it -> SEGMENT.matcher(it).matches());
        return Stream.concat(values, segments).toList();
    }

    /** What looks like a key among arguments, alone or behind {@code --name=}. */
    public static List<String> ofArguments(List<String> argv) {
        return argv.stream()
                .skip(1)
                .map(it -> it.startsWith("-") ? it.substring(it.indexOf('=') + 1) : it)
                .filter(it -> ARGUMENT.matcher(it).matches())
                .toList();
    }
}
