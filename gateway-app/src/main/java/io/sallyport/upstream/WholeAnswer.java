package io.sallyport.upstream;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads an answer that came in one piece, or says what it is instead. */
final class WholeAnswer {
    static final String COMPRESSED = "is compressed, which nobody asked for";

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private WholeAnswer() {}

    /**
     * @throws ModelFailure if it is no JSON object, or tells of an error: some providers answer 200
     *     and say it in the body
     */
    static ObjectNode read(byte[] body, ModelTarget target) {
        try {
            if (StrictJson.mending(withoutMark(body)).tree() instanceof ObjectNode answer) {
                return withoutError(answer, target);
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

    private static ObjectNode withoutError(ObjectNode answer, ModelTarget target) {
        if (ProviderError.isToldBy(answer)) {
            throw ModelFailure.reported(ProviderError.of(0, answer, target.words()));
        }
        return answer;
    }

    private static String whatElse(byte[] body, MalformedJson malformed) {
        if (body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b) {
            return COMPRESSED;
        }
        var begin = new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8).strip();
        if (begin.isEmpty()) {
            return "is empty";
        }
        if (begin.startsWith("<")) {
            return "is a web page";
        }
        if (begin.startsWith("data:") || begin.startsWith("event:") || begin.startsWith(":")) {
            return "is a stream, which was not asked for";
        }
        return malformed.fault().complaint();
    }

    /** Why {@code body}, which says that it is JSON, is no stream. */
    static ModelFailure insteadOfStream(byte[] body, ModelTarget target) {
        JsonNode answer = read(body, target);
        return ModelFailure.malformed(
                answer.has("choices")
                        ? "is one body, although a stream was asked for"
                        : "is a JSON body that is no completion, although a stream was asked for");
    }
}
