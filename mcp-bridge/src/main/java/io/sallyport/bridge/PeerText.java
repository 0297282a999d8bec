package io.sallyport.bridge;

import io.sallyport.catalog.ShortText;
import io.sallyport.policy.VisibleText;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The one renderer of what an upstream, a provider or a program says, before it reaches a caller,
 * an admin, a log field or a record's view. What comes out is one line of text, never markup: the
 * secrets of that peer, keys, ids of organisations, URLs and addresses are out, hidden characters
 * are escaped, and it is at most {@value #MAX_SHOWN} characters long.
 *
 * <p>Only the first {@value #MAX_READ} characters are looked at, so that a long text costs no more
 * than a short one. Immutable; made once per peer.
 */
public final class PeerText {
    /** Longest text that is shown. */
    public static final int MAX_SHOWN = 500;

    /** Longest text that is looked at, beyond it only as far as a secret goes. */
    private static final int MAX_READ = 8 * 1024;

    /** Longest word that the end of {@link #MAX_READ} may cut in two. */
    private static final int LONGEST_WORD = 256;

    /** Shorter ones hide nothing, and would black out every text. */
    private static final int MIN_SECRET = 4;

    /** A word of a secret like {@code Bearer …} is a secret of its own from here on. */
    private static final int MIN_WORD = 8;

    /** Characters that one of a secret takes at most, as {@code &#x00007b;} does. */
    private static final int LONGEST_SPELLING = 10;

    private static final Map<Character, String> ENTITIES =
            Map.of('&', "&amp;", '<', "&lt;", '>', "&gt;", '"', "&quot;", '\'', "&apos;");

    private static final Pattern NUMERIC =
            Pattern.compile("&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))");

    private static final Pattern BASIC =
            Pattern.compile("\\s*Basic\\s+([A-Za-z0-9+/_=-]+)\\s*", Pattern.CASE_INSENSITIVE);

    private static final String REDACTED = "[redacted]";
    private static final Pattern SPACES = Pattern.compile("\\s++");

    private final List<String> secrets;
    private final int longest;

    private PeerText(List<String> secrets) {
        this.secrets = secrets;
        longest = secrets.stream().mapToInt(String::length).max().orElse(0);
    }

    /**
     * The renderer for one peer.
     *
     * @param secrets what this peer knows and nobody else may read: its credential, the values of
     *     its profile's environment
     */
    public static PeerText of(Collection<String> secrets) {
        return new PeerText(
                secrets.stream()
                        .flatMap(it -> Stream.concat(words(it), credentials(it)))
                        .flatMap(PeerText::spellings)
                        .filter(it -> it.length() >= MIN_SECRET)
                        .distinct()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList());
    }

    private static Stream<String> words(String secret) {
        var words = SPACES.splitAsStream(secret).filter(it -> it.length() >= MIN_WORD);
        return Stream.concat(Stream.of(secret, secret.strip()), words)
                .filter(it -> it.length() >= MIN_SECRET);
    }

    /** What {@code Basic} says of user and password (RFC 7617), together and each. */
    private static Stream<String> credentials(String secret) {
        var basic = BASIC.matcher(secret);
        return basic.matches() ? decoded(basic.group(1)).flatMap(PeerText::halves) : Stream.of();
    }

    private static Stream<String> decoded(String base64) {
        try {
            var standard = base64.replace('-', '+').replace('_', '/');
            var bytes = Base64.getDecoder().decode(standard);
            return Stream.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)
                    .map(charset -> new String(bytes, charset));
        } catch (IllegalArgumentException _) {
            return Stream.of(); // no credential that a server could read either
        }
    }

    /** A short name of a user is an ordinary word; a short password is a secret all the same. */
    private static Stream<String> halves(String pair) {
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return words(pair);
        }
        var user = Stream.of(pair.substring(0, colon)).filter(it -> it.length() >= MIN_WORD);
        return Stream.of(Stream.of(pair), words(pair.substring(colon + 1)), user)
                .flatMap(it -> it);
    }

    private static Stream<String> spellings(String secret) {
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        var plain = Stream.of(secret, URLEncoder.encode(secret, StandardCharsets.UTF_8));
        return Stream.concat(
                plain,
                IntStream.range(0, 3)
                        .boxed()
                        .flatMap(shift ->
                                Stream.of(
                                        inside(Base64.getEncoder(), bytes, shift),
                                        inside(Base64.getUrlEncoder(), bytes, shift))));
    }

    /**
     * The characters that {@code secret} alone decides where it stands in something longer, behind
     * {@code shift} bytes of another group of three.
     */
    private static String inside(Base64.Encoder base64, byte[] secret, int shift) {
        var shifted = new byte[shift + secret.length];
        System.arraycopy(secret, 0, shifted, shift, secret.length);
        int begin = shift == 0 ? 0 : shift + 1;
        return base64.encodeToString(shifted).substring(begin, shifted.length * 8 / 6);
    }

    /** {@code text} as everybody may read it. */
    public String render(String text) {
        return render(text, MAX_SHOWN);
    }

    /** The same in at most {@code max} characters. */
    public String render(String text, int max) {
        var shown = SPACES.matcher(PeerShapes.without(withoutSecrets(text))).replaceAll(" ");
        return cut(VisibleText.of(cut(shown.strip(), max)), max);
    }

    /**
     * A URL that a person is asked to open, as text to copy: {@code https} only, its host in ASCII
     * (RFC 5891). Empty if it is anything else, names a user, is too long, or has a secret in it.
     */
    public Optional<String> address(String url) {
        try {
            var uri = new URI(url);
            var authority = uri.getRawAuthority();
            if (!"https".equalsIgnoreCase(uri.getScheme()) || authority == null) {
                return Optional.empty();
            }
            return Optional.of("https://" + host(authority) + rest(uri))
                    .filter(it -> it.length() <= MAX_SHOWN && withoutSecrets(it).equals(it));
        } catch (URISyntaxException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String host(String authority) {
        var colon = authority.lastIndexOf(':');
        var name = colon < 0 ? authority : authority.substring(0, colon);
        return IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES)
                + (colon < 0 ? "" : ":" + Integer.parseInt(authority.substring(colon + 1)));
    }

    private static String rest(URI uri) throws URISyntaxException {
        var query = uri.getRawQuery();
        var text = uri.getRawPath() + (query == null ? "" : "?" + query);
        return text.isEmpty() ? "" : new URI(text).toASCIIString();
    }

    private static String cut(String text, int max) {
        return text.length() <= max ? text : ShortText.cut(text, max - 1);
    }

    private String withoutSecrets(String text) {
        int end = Math.min(text.length(), MAX_READ);
        var known = text.substring(0, Math.min(text.length(), end + LONGEST_SPELLING * longest));
        var shown = new StringBuilder(end);
        for (int at = 0; at < end; ) {
            int behind = endOfSecret(known, at);
            if (behind > at) {
                shown.append(REDACTED);
                at = behind;
            } else {
                shown.append(known.charAt(at++));
            }
        }
        return end < text.length() ? wholeWords(shown) : shown.toString();
    }

    /** Half a key is no longer known as one. */
    private static String wholeWords(StringBuilder text) {
        int end = text.length();
        int least = Math.max(0, end - LONGEST_WORD);
        while (end > least && text.charAt(end - 1) > ' ') {
            end--;
        }
        return text.substring(0, end) + "…";
    }

    /** Where the secret that begins at {@code at} ends, or {@code at} if none begins there. */
    private int endOfSecret(String text, int at) {
        for (var secret : secrets) {
            int end = match(text, at, secret);
            if (end > at) {
                return end;
            }
        }
        return at;
    }

    /** Each character as it is, percent-encoded, or escaped as in JSON or in HTML. */
    private static int match(String text, int begin, String secret) {
        int at = begin;
        for (int i = 0; i < secret.length(); i++) {
            int entity = entity(text, at, secret.charAt(i));
            boolean isOfSecret = entity > 0 && secret.regionMatches(i, text, at, entity);
            int length =
                    entity > 0 && !isOfSecret ? entity : length(text, at, secret.charAt(i));
            if (length == 0) {
                return begin;
            }
            at += length;
        }
        return at;
    }

    private static int length(String text, int at, char wanted) {
        if (at >= text.length()) {
            return 0;
        }
        char found = text.charAt(at);
        if (found == wanted || found == '+' && wanted == ' ') {
            return 1;
        }
        if (found == '%') {
            return isHex(text, at + 1, 2, wanted) ? 3 : 0;
        }
        if (found != '\\' || at + 1 >= text.length()) {
            return 0;
        }
        if (text.charAt(at + 1) == 'u') {
            return isHex(text, at + 2, 4, wanted) ? 6 : 0;
        }
        return text.charAt(at + 1) == wanted ? 2 : 0;
    }

    /** How long the entity at {@code at} is, if it is one and stands for {@code wanted}; else 0. */
    private static int entity(String text, int at, char wanted) {
        if (at >= text.length() || text.charAt(at) != '&') {
            return 0;
        }
        var named = ENTITIES.getOrDefault(wanted, "");
        if (!named.isEmpty() && text.regionMatches(true, at, named, 0, named.length())) {
            return named.length();
        }
        int end = text.substring(at, Math.min(text.length(), at + LONGEST_SPELLING)).indexOf(';');
        return end > 0 && isNumeric(text.substring(at, at + end), wanted) ? end + 1 : 0;
    }

    private static boolean isNumeric(String entity, char wanted) {
        var number = NUMERIC.matcher(entity);
        return number.matches()
                && (number.group(1) == null
                                ? Integer.parseInt(number.group(2))
                                : Integer.parseInt(number.group(1), 16))
                        == wanted;
    }

    private static boolean isHex(String text, int at, int digits, char wanted) {
        if (at + digits > text.length()) {
            return false;
        }
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            value = value * 16 + Math.max(0, Character.digit(text.charAt(i), 16));
        }
        return value == wanted;
    }

    /** The secrets never show in a log. */
    @Override
    public String toString() {
        return "PeerText[" + secrets.size() + "]";
    }
}
