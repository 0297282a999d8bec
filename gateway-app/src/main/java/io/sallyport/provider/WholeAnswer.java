package io.sallyport.provider;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Reads an answer that came in one piece, or says what it is instead. */
final class WholeAnswer {
    static final String COMPRESSED = "is compressed, which nobody asked for";

    private static final String ONE_BODY = "is one body, although a stream was asked for";

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private WholeAnswer() {}

    /**
     * @throws ModelFailure if it is no JSON object, or tells of an error: some providers answer 200
     *     and say it in the body
     */
    static ObjectNode read(byte[] body, ModelTarget target) {
        try {
            if (StrictJson.mending(withoutMark(body)).tree() instanceof ObjectNode answer) {
                ModelFailure.requireNone(answer, target);
                return answer;
            }
            throw ModelFailure.malformed("is JSON, but no object");
        } catch (MalformedJson e) {
            throw ModelFailure.malformed(whatElse(body, e));
        }
    }

    /** RFC 8259, section 8.1, lets readers ignore it. */
    static byte[] withoutMark(byte[] text) {
        int length = BYTE_ORDER_MARK.length;
        var marked =
                text.length >= length && Arrays.equals(text, 0, length, BYTE_ORDER_MARK, 0, length);
        return marked ? Arrays.copyOfRange(text, length, text.length) : text;
    }

    private static String whatElse(byte[] body, MalformedJson malformed) {
        var begin = begin(body);
        if (begin.isEmpty()) {
            return "is empty";
        }
        if (begin.startsWith("data:") || begin.startsWith("event:") || begin.startsWith(":")) {
            return "is a stream, which was not asked for";
        }
        return noText(body, begin).orElseGet(malformed.fault()::complaint);
    }

    /** The first characters. */
    private static String begin(byte[] body) {
        return new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8).strip();
    }

    private static Optional<String> noText(byte[] body, String begin) {
        if (body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b) {
            return Optional.of(COMPRESSED);
        }
        return begin.startsWith("<") ? Optional.of("is a web page") : Optional.empty();
    }

    /**
     * Why a body without events is no stream.
     *
     * @param head its first bytes, or all
     */
    static ModelFailure insteadOfStream(byte[] head, ModelTarget target) {
        try {
            var answer = StrictJson.mending(withoutMark(head)).tree();
            return ProviderError.isToldBy(answer)
                    ? ModelFailure.reported(ProviderError.of(0, answer, target.words()))
                    : ModelFailure.malformed(ONE_BODY);
        } catch (MalformedJson e) {
            var begin = begin(withoutMark(head));
            var cut = begin.startsWith("{") || begin.startsWith("[");
            return ModelFailure.malformed(
                    cut ? ONE_BODY : noText(head, begin).orElse("has no events"));
        }
    }
}
