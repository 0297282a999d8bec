package io.sallyport.egress;

import io.sallyport.egress.EgressUrl.Reading;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads URLs so strictly that no two parsers can disagree about the host: what is not plainly a DNS
 * name, a dotted quad or a bracketed IPv6 address is refused, never repaired.
 */
final class UrlText {
    private static final int MAX_LENGTH = 2_048;
    private static final Pattern SCHEME =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*", Pattern.DOTALL);
    private static final Pattern FORBIDDEN = Pattern.compile("[\\x00-\\x20\\x7f\\\\#]");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    private UrlText() {}

    /** See {@link EgressUrl#read}. */
    public static Reading read(String text) {
        var scheme = SCHEME.matcher(text);
        if (text.length() > MAX_LENGTH || !scheme.matches()) {
            return refused(EgressRefusal.MALFORMED_URL);
        }
        var name = scheme.group(1).toLowerCase(Locale.ROOT);
        if (!name.equals("http") && !name.equals("https")) {
            return refused(EgressRefusal.SCHEME);
        }
        var rest = text.substring(name.length() + 1);
        if (!rest.startsWith("//") || FORBIDDEN.matcher(rest).find()) {
            return refused(EgressRefusal.MALFORMED_URL);
        }
        return readAuthority(name, rest.substring(2));
    }

    /** The origin of a URL that was accepted. */
    public static Origin origin(URI accepted) {
        int standard = accepted.getScheme().equals("http") ? 80 : 443;
        var host = accepted.getHost().replaceAll("[\\[\\]]", "");
        return new Origin(
                accepted.getScheme(),
                AddressText.parse(host).map(InetAddress::getHostAddress).orElse(host),
                accepted.getPort() < 0 ? standard : accepted.getPort());
    }

    private static Reading readAuthority(String scheme, String rest) {
        int end = endOfAuthority(rest);
        var authority = rest.substring(0, end);
        var tail = rest.substring(end);
        int colon =
                authority.startsWith("[") ? authority.indexOf("]:") + 1 : authority.indexOf(':');
        var host = colon > 0 ? authority.substring(0, colon) : authority;
        var port = colon > 0 ? authority.substring(colon + 1) : "443";
        if (colon == 0 && !authority.startsWith("[") || !isPort(port)) {
            return refused(EgressRefusal.MALFORMED_URL);
        }
        var refusal = HostText.refusal(host);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        return accepted(scheme, host, authority, tail);
    }

    private static int endOfAuthority(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if (rest.charAt(i) == '/' || rest.charAt(i) == '?') {
                return i;
            }
        }
        return rest.length();
    }

    private static boolean isPort(String text) {
        return PORT.matcher(text).matches() && Integer.parseInt(text) <= 65_535;
    }

    /** The JDK's parser is asked as well, and must see the same host. */
    private static Reading accepted(String scheme, String host, String authority, String tail) {
        try {
            var uri = new URI(scheme + "://" + authority.toLowerCase(Locale.ROOT) + tail);
            var sameHost = Optional.ofNullable(uri.getHost()).filter(host::equalsIgnoreCase);
            return sameHost.isPresent() && uri.getRawFragment() == null
                    ? new Reading.Accepted(uri)
                    : refused(EgressRefusal.MALFORMED_URL);
        } catch (URISyntaxException _) {
            return refused(EgressRefusal.MALFORMED_URL);
        }
    }

    private static Reading refused(EgressRefusal refusal) {
        return new Reading.Refused(refusal);
    }
}
