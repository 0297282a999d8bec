package io.sallyport.store;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our own records as JSON text in a column; nothing foreign passes through here. */
final class Documents {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private Documents() {}

    static String write(Object document) {
        return MAPPER.writeValueAsString(document);
    }

    static <T> T read(String text, Class<T> type) {
        return MAPPER.readValue(text, type);
    }

    /** A foreign tree that was stored as its own text. */
    static JsonNode tree(String text) {
        try {
            return StrictJson.read(text);
        } catch (MalformedJson e) {
            throw new IllegalStateException("a stored tree cannot be read", e);
        }
    }

    static <T> T read(String text, TypeReference<T> type) {
        return MAPPER.readValue(text, type);
    }
}
