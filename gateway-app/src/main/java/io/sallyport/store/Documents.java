package io.sallyport.store;

import io.sallyport.catalog.Descriptor;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our own records as JSON text in a column; nothing foreign passes through here. */
final class Documents {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** Of one character. */
    private static final int MOST_BYTES = 3;

    /** Characters of what stands before the text: an alias and a digest. */
    private static final int MOST_BEFORE = 4_096;

    /** Escaped once more, a descriptor is at most twice as long. */
    private static final int MOST_STORED = 2 * Descriptor.MAX_BYTES + MOST_BEFORE;

    private Documents() {}

    static String write(Object document) {
        return MAPPER.writeValueAsString(document);
    }

    static <T> T read(String text, Class<T> type) {
        return MAPPER.readValue(text, type);
    }

    /** What a document permits; older ones have a list of exceptions and nothing else. */
    static EgressTerms terms(@Nullable EgressTerms stored, @Nullable List<String> exceptions) {
        if (stored != null) {
            return stored;
        }
        return exceptions == null ? EgressTerms.NONE : EgressTerms.allowing(exceptions);
    }

    /** A foreign tree that was stored as its own text. */
    static JsonNode tree(String text) {
        try {
            return StrictJson.read(text);
        } catch (MalformedJson e) {
            throw new IllegalStateException("a stored tree cannot be read", e);
        }
    }

    /**
     * A descriptor that was stored as its own text, or what is kept of one that is too large: older
     * gateways stored those whole.
     *
     * @param text absent if it was too large to be read
     */
    static JsonNode descriptor(String named, String name, @Nullable String text) {
        return text == null || isTooLarge(text) ? Descriptor.notShown(named, name) : tree(text);
    }

    private static boolean isTooLarge(String text) {
        return text.length() > Descriptor.MAX_BYTES
                || text.length() > Descriptor.MAX_BYTES / MOST_BYTES
                        && text.getBytes(StandardCharsets.UTF_8).length > Descriptor.MAX_BYTES;
    }

    /**
     * A column of documents with the text of a descriptor, as a statement is to select it: without
     * the text, which comes last, if it is longer than any that is kept. Then only the beginning is
     * read from the disk.
     */
    static String bounded(String column) {
        return """
        case when octet_length(%1$s) > %2$d
            then rtrim(substr(%1$s, 1, strpos(substr(%1$s, 1, %3$d), '"text"') - 1), ', ')
                || '}'
            else %1$s end as %1$s
        """
                .formatted(column, MOST_STORED, MOST_BEFORE);
    }

    static <T> T read(String text, TypeReference<T> type) {
        return MAPPER.readValue(text, type);
    }
}
