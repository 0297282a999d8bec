package io.sallyport.catalog;

import static io.sallyport.catalog.MalformedJson.Fault.DUPLICATE_KEY;
import static io.sallyport.catalog.MalformedJson.Fault.INVALID_JSON;
import static io.sallyport.catalog.MalformedJson.Fault.INVALID_UTF8;
import static io.sallyport.catalog.MalformedJson.Fault.TOO_DEEP;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The one reader of JSON from outside. It accepts exactly one RFC 8259 value in UTF-8 without a
 * byte order mark and refuses what two readers might understand differently: members named twice,
 * bad UTF-8, lone surrogates, text after the value. Numbers keep the text they were written with.
 * What servers say may be read by {@link #mending}, which takes U+FFFD for characters that are none
 * and is as strict in everything else.
 *
 * <p>Limits: {@value #MAX_DEPTH} levels, numbers of {@value #MAX_NUMBER_LENGTH} characters and
 * exponents within ±999, names of 50 000 characters. The size of the whole text is the caller's to
 * bound.
 */
public final class StrictJson {
    /** Arrays and objects inside each other; real calls need fewer than twenty. */
    public static final int MAX_DEPTH = 64;

    private static final int MAX_NUMBER_LENGTH = 1000;

    /**
     * Parsers of one factory remember up to 6 000 names that they have met, of 50 000 characters
     * each, for one another. A larger text gets a factory of its own, so that nobody fills the
     * memory of all with names (H3).
     */
    private static final int MAX_SHARED_BYTES = 4 * 1024;

    private static final TokenStreamFactory SHARED = parsers();

    /** Without charset detection, which would accept UTF-16 and UTF-32. */
    private static TokenStreamFactory parsers() {
        return new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNumberLength(MAX_NUMBER_LENGTH).build())
                .build();
    }

    /**
     * A text that was read though some of its characters may have been none.
     *
     * @param mended whether U+FFFD stands for some of them
     */
    public record Mended(JsonNode tree, boolean mended) {}

    private final JsonParser parser;

    private StrictJson(JsonParser parser) {
        this.parser = parser;
    }

    public static JsonNode read(byte[] utf8) throws MalformedJson {
        if (!Utf8.isValid(utf8)) {
            throw new MalformedJson(INVALID_UTF8);
        }
        var parsers = utf8.length > MAX_SHARED_BYTES ? parsers() : SHARED;
        try (var parser = parsers.createParser(ObjectReadContext.empty(), utf8)) {
            return new StrictJson(parser).document();
        } catch (JacksonException e) {
            throw new MalformedJson(INVALID_JSON); // Jackson's message quotes the text
        }
    }

    /**
     * The same, with U+FFFD for bytes that are no UTF-8 and for halves of surrogate pairs. Members
     * whose names become alike by that are one that is named twice.
     */
    public static Mended mending(byte[] bytes) throws MalformedJson {
        try {
            return new Mended(read(bytes), false);
        } catch (MalformedJson refused) {
            var whole = Utf8.mended(bytes);
            if (Arrays.equals(whole, bytes)) {
                throw refused;
            }
            return new Mended(read(whole), true);
        }
    }

    public static JsonNode read(String text) throws MalformedJson {
        if (Utf8.hasLoneSurrogate(text)) {
            throw new MalformedJson(INVALID_UTF8);
        }
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode document() throws MalformedJson {
        var first = parser.nextToken();
        if (first == null) {
            throw new MalformedJson(INVALID_JSON);
        }
        var root = value(first, 1);
        if (parser.nextToken() != null) {
            throw new MalformedJson(INVALID_JSON);
        }
        return root;
    }

    private JsonNode value(JsonToken token, int depth) throws MalformedJson {
        return switch (token) {
            case START_OBJECT -> object(depth);
            case START_ARRAY -> array(depth);
            case VALUE_STRING -> StringNode.valueOf(wellFormed(parser.getString()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> TextNumber.of(parser.getString());
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            case VALUE_NULL -> NullNode.getInstance();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new MalformedJson(INVALID_JSON);
        };
    }

    private ObjectNode object(int depth) throws MalformedJson {
        checkDepth(depth);
        var object = new ObjectNode(JsonNodeFactory.instance);
        for (var name = parser.nextName(); name != null; name = parser.nextName()) {
            wellFormed(name);
            if (object.replace(name, value(parser.nextToken(), depth + 1)) != null) {
                throw new MalformedJson(DUPLICATE_KEY);
            }
        }
        return object;
    }

    private ArrayNode array(int depth) throws MalformedJson {
        checkDepth(depth);
        var array = new ArrayNode(JsonNodeFactory.instance);
        for (var next = parser.nextToken();
                next != JsonToken.END_ARRAY;
                next = parser.nextToken()) {
            array.add(value(next, depth + 1));
        }
        return array;
    }

    /** JSON's integers have one spelling each, except zero. */
    private JsonNode integer() throws MalformedJson {
        return switch (parser.getNumberType()) {
            case INT -> {
                int number = parser.getIntValue();
                boolean minusZero = number == 0 && parser.getStringLength() > 1;
                yield minusZero ? TextNumber.of("-0") : IntNode.valueOf(number);
            }
            case LONG -> LongNode.valueOf(parser.getLongValue());
            case BIG_INTEGER -> BigIntegerNode.valueOf(parser.getBigIntegerValue());
            case FLOAT, DOUBLE, BIG_DECIMAL -> TextNumber.of(parser.getString());
        };
    }

    private static void checkDepth(int depth) throws MalformedJson {
        if (depth > MAX_DEPTH) {
            throw new MalformedJson(TOO_DEEP);
        }
    }

    private static String wellFormed(String text) throws MalformedJson {
        if (Utf8.hasLoneSurrogate(text)) {
            throw new MalformedJson(INVALID_UTF8); // written as an escape: the bytes were checked
        }
        return text;
    }
}
