package io.sallyport.bridge;

import io.sallyport.catalog.CanonicalJson;
import io.sallyport.catalog.ShortText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A tool's result as the text of one {@code role:tool} message. What the upstream wrote is data: it
 * becomes a part of one string and can neither end the message nor open another.
 */
public final class ToolMessageText {
    private static final int MIN_FENCE = 3;

    /**
     * Characters of an embedded text; a model is shown less. Cut before it is fenced, for a fence
     * is longer than whatever looks like one inside.
     */
    private static final int MAX_EMBEDDED = 1024 * 1024;

    private static final String NOTHING = "(no output)";

    private ToolMessageText() {}

    /**
     * Blocks in their order, one a line; links are named and never fetched. Where no block has
     * text, the structured content is shown, whatever JSON it is. Bytes show as their size,
     * wherever they stand.
     */
    public static String of(JsonNode result) {
        var lines = new ArrayList<String>();
        blocks(result.path("content")).map(ToolMessageText::line).forEach(lines::add);
        if (blocks(result.path("content")).noneMatch(ToolMessageText::hasText)) {
            lines.removeIf(String::isBlank);
            structure(result.path("structuredContent")).ifPresent(lines::add);
        }
        var text = BytesInText.without(String.join("\n", lines));
        var shown = text.isEmpty() ? NOTHING : text;
        return result.path("isError").asBoolean(false) ? "Error: " + shown : shown;
    }

    /** Some servers send one block, or one text, without a list around it. */
    private static Stream<JsonNode> blocks(JsonNode content) {
        if (content.isArray()) {
            return content.valueStream();
        }
        return content.isMissingNode() || content.isNull() ? Stream.empty() : Stream.of(content);
    }

    private static boolean hasText(JsonNode block) {
        return isText(block) && !line(block).isBlank();
    }

    private static boolean isText(JsonNode block) {
        return block.isString() || block.path("type").asString("").equals("text");
    }

    private static Optional<String> structure(JsonNode structured) {
        return structured.isMissingNode() || structured.isNull()
                ? Optional.empty()
                : Optional.of(canonical(structured));
    }

    private static String line(JsonNode block) {
        if (block.isString()) {
            return block.stringValue();
        }
        var type = block.path("type").asString("");
        return switch (type) {
            case "text" -> block.path("text").asString("");
            case "image", "audio" -> placeholder(type, block);
            case "resource_link" -> link(block);
            case "resource" -> embedded(block.path("resource"));
            default -> "[content of an unknown type]";
        };
    }

    /** The note that stands for bytes of a media type, which may be empty. */
    static String sized(String mediaType, long bytes) {
        var kind = mediaType.substring(0, Math.max(0, mediaType.indexOf('/')));
        return switch (kind) {
            case "" -> "[binary, %s bytes]".formatted(grouped(bytes));
            case "image", "audio", "video" ->
                    "[%s %s, %s bytes]".formatted(kind, mediaType, grouped(bytes));
            default -> "[binary %s, %s bytes]".formatted(mediaType, grouped(bytes));
        };
    }

    private static String placeholder(String type, JsonNode block) {
        var bytes = block.path("data").asString("").length() / 4L * 3L;
        return "[%s %s, %s bytes]"
                .formatted(type, mimeType(block), grouped(exact(block).orElse(bytes)));
    }

    private static Optional<Long> exact(JsonNode block) {
        try {
            var decoded = Base64.getDecoder().decode(block.path("data").asString(""));
            return Optional.of((long) decoded.length);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    private static String mimeType(JsonNode block) {
        var type = block.path("mimeType").asString("");
        return type.isEmpty() ? "unknown" : oneLine(type);
    }

    private static String link(JsonNode block) {
        var name = block.path("name").asString("");
        var uri = block.path("uri").asString("");
        return "[link %s <%s>]".formatted(oneLine(name), oneLine(uri));
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", " ");
    }

    private static String embedded(JsonNode resource) {
        if (!resource.path("text").isString()) {
            return placeholder("resource", blob(resource));
        }
        var text = ShortText.cut(resource.path("text").asString(), MAX_EMBEDDED);
        var fence = "`".repeat(Math.max(MIN_FENCE, longestRun(text) + 1));
        return fence + "\n" + text + "\n" + fence;
    }

    /** Back-ticks in a row, at most; found in one pass, however many there are. */
    private static int longestRun(String text) {
        int longest = 0;
        int run = 0;
        for (int at = 0; at < text.length(); at++) {
            run = text.charAt(at) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static JsonNode blob(JsonNode resource) {
        var block = tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        block.set("data", resource.path("blob"));
        block.set("mimeType", resource.path("mimeType"));
        return block;
    }

    private static String canonical(JsonNode tree) {
        return new String(CanonicalJson.write(tree), StandardCharsets.UTF_8);
    }
}
