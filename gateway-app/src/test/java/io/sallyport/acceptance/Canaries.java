package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words that are planted where they belong, and the search for them everywhere else. */
final class Canaries {
    /** Whose word it is, and so who may read it. */
    enum Kind {
        /** A credential of one peer or caller: nobody else. */
        SECRET,
        /** Arguments, results, conversations: whoever is in them. */
        SENT,
        /**
         * What a peer says of an error: whoever "Foreign text" in docs/reference/errors.md names.
         */
        SAID,
        /** What is in a peer's URL: its admins, where they see that URL. */
        ADDRESS,
        /** An approver's reason: whoever asked, and the record. */
        REASON
    }

    private static final String BIRD = "kan4ry";
    private static final Pattern WORD = Pattern.compile(BIRD + "[0-9]{9}z");

    /** A word as base64 behind nothing, {@code x} and {@code xx}, whose characters are the keys. */
    private static final Map<String, Pattern> ENCODED =
            Map.of(
                    "", Pattern.compile("a2FuNHJ5[A-Za-z0-9+/_-]{14}"),
                    "eG", Pattern.compile("thbjRye[A-Za-z0-9+/_-]{14}"),
                    "eHh", Pattern.compile("rYW40cn[A-Za-z0-9+/_-]{14}"));

    /** How libraries show bytes that they do not understand. */
    private static final Pattern HEX = Pattern.compile("6b616e347279(?:3[0-9]){9}7a");

    private final Map<String, Kind> planted = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();

    /** A word that nobody has seen before. */
    String plant(Kind kind) {
        var word = BIRD + "%09dz".formatted(last.incrementAndGet());
        planted.put(word, kind);
        return word;
    }

    /** The same with characters behind it that encodings change. */
    String secret() {
        return plant(Kind.SECRET) + "+/=q";
    }

    /** Something that is secret as it is. */
    String plantAsItIs(Kind kind, String word) {
        planted.put(word, kind);
        return word;
    }

    int count() {
        return planted.size();
    }

    /** A sentence in which a secret stands in every way that errors are known to tell of one. */
    static String quoting(String secret) {
        return "%s or %s or %s or %s"
                .formatted(secret, base64(secret), base64("u:" + secret), url(secret));
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    static String url(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /** The words of these kinds that a text has, in clear or encoded. */
    Set<String> in(String text, Kind... kinds) {
        var wanted = Set.of(kinds);
        return Stream.of(words(text), words(decoded(text)), whole(text))
                .flatMap(it -> it)
                .filter(it -> wanted.contains(planted.get(it)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> words(String text) {
        return WORD.matcher(text).results().map(MatchResult::group);
    }

    private Stream<String> whole(String text) {
        return planted.keySet().stream().filter(it -> !it.startsWith(BIRD) && text.contains(it));
    }

    private static String decoded(String text) {
        var clear = new StringBuilder();
        ENCODED.forEach((before, pattern) -> {
            var matcher = pattern.matcher(text);
            while (matcher.find()) {
                var group = (before + matcher.group()).replace('-', '+').replace('_', '/');
                clear.append(new String(Base64.getDecoder().decode(group), ISO_8859_1)).append(' ');
            }
        });
        HEX.matcher(text)
                .results()
                .map(it -> HexFormat.of().parseHex(it.group()))
                .forEach(it -> clear.append(new String(it, ISO_8859_1)).append(' '));
        return clear.toString();
    }
}
