package io.sallyport.admin;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which header may carry a server's credential. Headers that frame a message, steer a connection or
 * say what the body is are ours to write: one that an admin sets could split a request, send it to
 * another host or claim another protocol.
 */
final class CredentialHeader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /**
     * Hop-by-hop (RFC 9110, 7.6.1), routing, what proxies and frameworks obey in place of the
     * request itself, and what the gateway says of each request.
     */
    private static final Set<String> OURS =
            Set.of(
                    "b3",
                    "cache-control",
                    "cdn-loop",
                    "connection",
                    "cookie",
                    "cookie2",
                    "date",
                    "early-data",
                    "expect",
                    "forwarded",
                    "host",
                    "idempotency-key",
                    "http2-settings",
                    "keep-alive",
                    "last-event-id",
                    "max-forwards",
                    "origin",
                    "pragma",
                    "priority",
                    "range",
                    "referer",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "user-agent",
                    "via",
                    "traceparent",
                    "tracestate",
                    "baggage",
                    "x-correlation-id",
                    "x-host",
                    "x-method-override",
                    "x-real-ip",
                    "x-request-id");

    private static final List<String> OUR_FAMILIES =
            List.of(
                    "accept",
                    "access-control-",
                    "content-",
                    "if-",
                    "mcp-",
                    "proxy-",
                    "sec-",
                    "set-cookie",
                    "x-b3-",
                    "x-forwarded",
                    "x-http-",
                    "x-original-",
                    "x-rewrite-",
                    "x-sallyport-");

    /** {@code True-Client-IP}, {@code CF-Connecting-IP}: proxies say so who is calling. */
    private static final List<String> OUR_ENDINGS = List.of("client-ip", "connecting-ip");

    private CredentialHeader() {}

    /** Returns {@code name} if it may carry a credential; else refuses it by its name. */
    static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Refusal.invalid("credential.name must be a header name.");
        }
        if (isOurs(name.toLowerCase(Locale.ROOT))) {
            throw Refusal.invalid("credential.name must not be " + name + ".");
        }
        return name;
    }

    private static boolean isOurs(String name) {
        return OURS.contains(name)
                || OUR_FAMILIES.stream().anyMatch(name::startsWith)
                || OUR_ENDINGS.stream().anyMatch(name::endsWith);
    }
}
