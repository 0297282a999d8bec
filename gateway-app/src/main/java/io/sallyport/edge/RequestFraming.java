package io.sallyport.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request means one thing only to everybody who reads it (RFC 9112). The codec has
 * refused two lengths, a length beside an encoding, and white space before a colon; what is left is
 * judged here.
 */
final class RequestFraming {
    private static final int MAX_DIGITS = 5;
    private static final String NEVER_IN_URI = "\"<>\\^`{|}";

    /** Besides letters and digits (RFC 3986, section 3.2.2), and what ends a user's name. */
    private static final String IN_NAME = "-._~!$&'()*+,;=@";

    private RequestFraming() {}

    static boolean isClear(HttpRequest request) {
        return isKnown(request.protocolVersion())
                && isEncodingClear(request)
                && isUri(request.uri())
                && isForUs(request)
                && isHost(request.headers().get(HttpHeaderNames.HOST));
    }

    /** What the client of a request that cannot be read is told. */
    static HttpResponseStatus status(@Nullable Throwable fault) {
        return switch (fault) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            case null, default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    private static boolean isKnown(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    /** Nothing or {@code chunked}: a list is what two servers most easily read differently. */
    private static boolean isEncodingClear(HttpRequest request) {
        var encodings = request.headers().valueStringIterator(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.hasNext()) {
            return true;
        }
        var only = HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.next());
        return only && !encodings.hasNext() && request.protocolVersion().isKeepAliveDefault();
    }

    /**
     * Only what RFC 3986 has: the framework behind would answer anything else before our own
     * filters see it.
     */
    private static boolean isUri(String target) {
        var query = target.indexOf('?');
        for (int at = 0; at < target.length(); at++) {
            var c = target.charAt(at);
            var isWhole = c != '%' || isHex(target, at + 1) && isHex(target, at + 2);
            var isBracket = (c == '[' || c == ']') && (query < 0 || at < query);
            if (c <= ' ' || c >= 0x7f || NEVER_IN_URI.indexOf(c) >= 0 || isBracket || !isWhole) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && Character.digit(text.charAt(at), 16) >= 0;
    }

    /** A path, or the whole URL of what {@code Host} says as well. */
    private static boolean isForUs(HttpRequest request) {
        var target = request.uri();
        if (target.indexOf('#') >= 0) {
            return false;
        }
        if (target.startsWith("/")) {
            return true;
        }
        var start = authorityStart(target);
        return start > 0 && namesHost(target, start, request);
    }

    /**
     * A name, or an IPv6 address in brackets, and perhaps a port. None at all is left to the rules
     * of hosts, which say more; what is no part of a URI, the framework behind would refuse without
     * a word, and without reading the body, which the next request then waits behind.
     */
    private static boolean isHost(@Nullable String host) {
        if (host == null) {
            return true;
        }
        var colon = host.lastIndexOf(':');
        var hasPort = colon > host.lastIndexOf(']');
        var name = hasPort ? host.substring(0, colon) : host;
        return isHostName(name) && (!hasPort || isNumber(host, colon + 1));
    }

    private static boolean isHostName(String name) {
        return name.startsWith("[") && name.endsWith("]")
                ? isAddress(name.substring(1, name.length() - 1))
                : isName(name);
    }

    private static boolean isName(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (!isInName(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    /** Without a zone, which means something on one machine only (RFC 6874, section 1). */
    private static boolean isAddress(String text) {
        return text.chars().allMatch(it -> it == ':' || it == '.' || Character.digit(it, 16) >= 0)
                && NetUtil.isValidIpV6Address(text);
    }

    private static boolean isInName(int c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || IN_NAME.indexOf(c) >= 0);
    }

    private static boolean isNumber(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at == text.length() && at > start && at - start <= MAX_DIGITS;
    }

    private static int authorityStart(String target) {
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            return 7;
        }
        return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    }

    private static boolean namesHost(String target, int start, HttpRequest request) {
        var host = request.headers().get(HttpHeaderNames.HOST);
        if (host == null || !target.regionMatches(true, start, host, 0, host.length())) {
            return false;
        }
        var end = start + host.length();
        return end == target.length() || target.charAt(end) == '/' || target.charAt(end) == '?';
    }
}
