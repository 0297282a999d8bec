package io.sallyport.bridge;

import io.sallyport.catalog.CanonicalJson;
import io.sallyport.catalog.ShortText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
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

    /** Blocks in their order, one a line; links are named and never fetched. */
    public static String of(JsonNode result) {
        var lines = new ArrayList<String>();
        result.path("content").forEach(block -> lines.add(line(block)));
        var hasText = result.path("content").valueStream().anyMatch(ToolMessageText::isText);
        if (!hasText && result.path("structuredContent").isObject()) {
            lines.add(canonical(result.path("structuredContent")));
        }
        var text = String.join("\n", lines);
        var shown = text.isEmpty() ? NOTHING : text;
        return result.path("isError").asBoolean(false) ? "Error: " + shown : shown;
    }

    private static boolean isText(JsonNode block) {
        return block.path("type").asString("").equals("text");
    }

    private static String line(JsonNode block) {
        var type = block.path("type").asString("");
        return switch (type) {
            case "text" -> block.path("text").asString("");
            case "image", "audio" -> placeholder(type, block);
            case "resource_link" -> link(block);
            case "resource" -> embedded(block.path("resource"));
            default -> "[content of an unknown type]";
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
