package io.sallyport.edge;

import io.sallyport.error.Reason;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/**
 * What a body may be on one part of the surface: how large and of which kinds. Nothing is ever
 * inflated.
 *
 * @param yaml whether {@code application/yaml} is taken beside JSON
 */
record BodyRules(int maxBytes, boolean yaml) {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final BodyRules CHAT = new BodyRules(20 * MEBIBYTE, false); // has images in it
    private static final BodyRules POLICY = new BodyRules(MEBIBYTE, true);
    private static final BodyRules OTHER = new BodyRules(MEBIBYTE, false);

    static final Refusal TOO_LARGE =
            new Refusal(413, Reason.BODY_TOO_LARGE, "The body is too large.");
    private static final Refusal ENCODED =
            new Refusal(
                    415, Reason.UNSUPPORTED_CONTENT_ENCODING, "Send the body without an encoding.");
    private static final Refusal NOT_JSON =
            new Refusal(415, Reason.UNSUPPORTED_MEDIA_TYPE, "Send application/json.");
    private static final Refusal NOT_A_POLICY =
            new Refusal(
                    415,
                    Reason.UNSUPPORTED_MEDIA_TYPE,
                    "Send application/yaml or application/json.");

    static BodyRules of(String path) {
        if (path.startsWith("/v1/")) {
            return CHAT;
        }
        return path.startsWith("/admin/v1/policies/") ? POLICY : OTHER;
    }

    /** Judges by the headers alone, before a byte is read. */
    Optional<Refusal> refuses(HttpHeaders headers) {
        if (headers.containsHeader(HttpHeaders.CONTENT_ENCODING)) {
            return Optional.of(ENCODED);
        }
        if (!isAccepted(headers)) {
            return Optional.of(yaml ? NOT_A_POLICY : NOT_JSON);
        }
        return headers.getContentLength() > maxBytes ? Optional.of(TOO_LARGE) : Optional.empty();
    }

    private boolean isAccepted(HttpHeaders headers) {
        var types = headers.getOrEmpty(HttpHeaders.CONTENT_TYPE);
        return types.size() == 1
                && (isType(types.getFirst(), "application/json")
                        || yaml && isType(types.getFirst(), "application/yaml"));
    }

    private static boolean isType(String header, String type) {
        if (!header.regionMatches(true, 0, type, 0, type.length())) {
            return false;
        }
        var rest = header.substring(type.length()).strip();
        return rest.isEmpty() || rest.startsWith(";") && !namesOtherCharset(rest);
    }

    /** We read UTF-8 whatever is said; another name would be read differently by others. */
    private static boolean namesOtherCharset(String parameters) {
        for (var parameter : parameters.split(";", -1)) {
            var text = parameter.strip();
            if (text.regionMatches(true, 0, "charset=", 0, 8) && !isUtf8(text.substring(8))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUtf8(String charset) {
        var name = charset.replace("\"", "");
        return name.equalsIgnoreCase("utf-8") || name.equalsIgnoreCase("utf8");
    }
}
