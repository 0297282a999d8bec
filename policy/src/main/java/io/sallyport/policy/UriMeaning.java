package io.sallyport.policy;

import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * One text for all URIs that somebody may take for the same resource. Only to compare: it is no
 * URI, and it joins rather too many than too few.
 */
final class UriMeaning {
    /** As many as {@link ResourceUri} looks through. */
    private static final int MAX_DECODINGS = 3;

    private UriMeaning() {}

    /** Returns the same text for any spelling of the same resource; takes any text. */
    static String of(String uri) {
        var parts = UriParts.of(uri);
        var scheme = parts.scheme().toLowerCase(Locale.ROOT);
        var query = scheme.equals("file") ? "" : decoded(parts.query().orElse(""));
        return scheme + ":" + hierarchy(scheme, parts) + (query.isEmpty() ? "" : "?" + query);
    }

    private static String hierarchy(String scheme, UriParts parts) {
        var path = UriReadings.bare(decoded(parts.path()).replace('\\', '/'));
        if (parts.authority().isEmpty() && !path.startsWith("/")) {
            return segments(path);
        }
        var authority = authority(scheme, parts.authority().orElse(""));
        return "//" + authority + "/" + segments(path.startsWith("/") ? path.substring(1) : path);
    }

    private static String authority(String scheme, String authority) {
        var text = decoded(authority).toLowerCase(Locale.ROOT);
        int colon = text.indexOf(':', text.lastIndexOf('@') + 1);
        var host = colon < 0 ? text : text.substring(0, colon);
        var port = colon < 0 ? "" : withoutZeros(text.substring(colon + 1));
        var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        boolean isLocal = scheme.equals("file"); // its readers look at the path
        boolean isUsual = port.isEmpty() || UriAuthority.isDefaultPort(scheme, port);
        return (isLocal ? "" : name) + (isUsual ? "" : ":" + port);
    }

    private static String withoutZeros(String port) {
        int from = 0;
        while (from < port.length() && port.charAt(from) == '0') {
            from++;
        }
        return port.substring(from);
    }

    /** Without empty segments and dot segments. */
    private static String segments(String path) {
        var kept = new ArrayDeque<String>();
        for (var segment : path.split("/")) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        return String.join("/", kept);
    }

    private static String decoded(String part) {
        var text = part;
        for (int decodings = 0; decodings < MAX_DECODINGS; decodings++) {
            text = PercentEncoding.decoded(text);
        }
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
