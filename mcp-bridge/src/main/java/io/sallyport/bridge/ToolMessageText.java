package io.sallyport.bridge;

import io.sallyport.catalog.CanonicalJson;
import io.sallyport.catalog.ShortText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

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

    /** The members of a result that are not what a tool says. */
    private static final Set<String> NO_OUTPUT =
            Set.of("_meta", "content", "isError", "resultType", "structuredContent");

    private ToolMessageText() {}

    /**
     * Blocks in their order, one a line; links are named and never fetched, and a block of a kind
     * that is not known is shown as its text or else as the JSON that it is. Where no block has
     * text, the structured content is shown, whatever JSON it is; where there is neither, whatever
     * else the result has. Bytes show as their size, wherever they stand.
     */
    public static String of(JsonNode result) {
        var lines = new ArrayList<String>();
        blocks(result.path("content")).map(ToolMessageText::line).forEach(lines::add);
        if (blocks(result.path("content")).noneMatch(ToolMessageText::hasText)) {
            lines.removeIf(String::isBlank);
            structure(result).ifPresent(lines::add);
        }
        var text = BytesInText.without(String.join("\n", lines));
        var shown = text.isEmpty() ? NOTHING : text;
        return result.path("isError").asBoolean(false) ? "Error: " + shown : shown;
    }

    /** Some servers send one block, or one text, without a list around it. */
    private static Stream<JsonNode> blocks(JsonNode content) {
        var blocks = content.isArray() ? content.valueStream() : Stream.of(content);
        return blocks.filter(ToolMessageText::isThere);
    }

    private static boolean isThere(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private static boolean hasText(JsonNode block) {
        return isText(block) && !line(block).isBlank();
    }

    private static boolean isText(JsonNode block) {
        return block.isString()
                || switch (type(block)) {
                    case "text" -> true;
                    case "image", "audio", "resource_link", "resource" -> false;
                    default -> block.path("text").isString();
                };
    }

    private static String type(JsonNode block) {
        return block.path("type").stringValue("");
    }

    private static Optional<String> structure(JsonNode result) {
        var structured = result.path("structuredContent");
        if (isThere(structured)) {
            return Optional.of(canonical(structured));
        }
        return isThere(result.path("content")) ? Optional.empty() : others(result);
    }

    /** Some servers put what they say into the result itself. */
    private static Optional<String> others(JsonNode result) {
        var others = JsonNodeFactory.instance.objectNode();
        result.properties().stream()
                .filter(it -> !NO_OUTPUT.contains(it.getKey()))
                .forEach(it -> others.set(it.getKey(), it.getValue()));
        return others.isEmpty() ? Optional.empty() : Optional.of(canonical(others));
    }

    private static String line(JsonNode block) {
        if (block.isString()) {
            return block.stringValue();
        }
        return switch (type(block)) {
            case "text" -> text(block.path("text"));
            case "image", "audio" -> placeholder(type(block), block);
            case "resource_link" -> link(block);
            case "resource" -> embedded(block.path("resource"));
            default -> block.path("text").stringValueOpt().orElseGet(() -> canonical(block));
        };
    }

    /** Some servers write JSON where a text should be. */
    private static String text(JsonNode text) {
        return isThere(text) ? text.stringValueOpt().orElseGet(() -> canonical(text)) : "";
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
        if (!isThere(resource.path("text"))) {
            return placeholder("resource", blob(resource));
        }
        var text = ShortText.cut(text(resource.path("text")), MAX_EMBEDDED);
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
        var block = JsonNodeFactory.instance.objectNode();
        block.set("data", resource.path("blob"));
        block.set("mimeType", resource.path("mimeType"));
        return block;
    }

    private static String canonical(JsonNode tree) {
        return new String(CanonicalJson.write(tree), StandardCharsets.UTF_8);
    }
}
