package io.sallyport.catalog;

import static io.sallyport.catalog.MemberShape.ANY;
import static io.sallyport.catalog.MemberShape.FLAG;
import static io.sallyport.catalog.MemberShape.NOT_NULL;
import static io.sallyport.catalog.MemberShape.NUMBER;
import static io.sallyport.catalog.MemberShape.TEXT;
import static io.sallyport.catalog.MemberShape.list;
import static io.sallyport.catalog.MemberShape.listOfAll;
import static io.sallyport.catalog.MemberShape.object;
import static io.sallyport.catalog.MemberShape.when;
import static io.sallyport.catalog.MemberShape.word;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What MCP says of the members of descriptors (2025-11-25 and 2026-07-28, schema; as strict clients
 * check it). Such a client refuses a whole list, with all servers' tools, for one member that is
 * something else, so that is left out; what MCP does not name is passed on as it is.
 */
final class OfferedShape {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** RFC 3339, which is what the readers of ISO 8601 have in common. */
    private static final Pattern DATE_TIME =
            Pattern.compile(
                    "\\d{4}-\\d\\d-\\d\\dT([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?"
                            + "(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)");

    private static final int DATE = 10;

    private static final MemberShape META = object(Map.of(), ANY);

    private static final MemberShape ICON =
            object(
                            Map.of(
                                    "src",
                                    TEXT,
                                    "mimeType",
                                    TEXT,
                                    "sizes",
                                    listOfAll(TEXT),
                                    "theme",
                                    word(Set.of("light", "dark"))),
                            ANY)
                    .with("src");

    private static final Map<String, MemberShape> EVERYWHERE =
            Map.of(
                    "title", TEXT,
                    "description", TEXT,
                    "icons", list(ICON),
                    "annotations", object(Map.of(), NOT_NULL),
                    "_meta", META);

    private static final MemberShape HINTS =
            object(
                    Map.of(
                            "title", TEXT,
                            "readOnlyHint", FLAG,
                            "destructiveHint", FLAG,
                            "idempotentHint", FLAG,
                            "openWorldHint", FLAG),
                    NOT_NULL);

    private static final MemberShape EXECUTION =
            object(
                    Map.of("taskSupport", word(Set.of("required", "optional", "forbidden"))),
                    NOT_NULL);

    private static final MemberShape CONTENT_HINTS =
            object(
                    Map.of(
                            "audience", listOfAll(word(Set.of("user", "assistant"))),
                            "priority", it -> when(isPriority(it), it),
                            "lastModified", it -> when(isDateTime(it.stringValue("")), it)),
                    NOT_NULL);

    private static final MemberShape ARGUMENT =
            object(Map.of("title", TEXT, "description", TEXT, "required", FLAG), NOT_NULL)
                    .with("name");

    /** The root's own properties only: that deep clients look, and no deeper. */
    private static final MemberShape ROOT_SCHEMA =
            object(Map.of("properties", object(Map.of(), OfferedShape::asObject)), ANY);

    static final MemberShape TOOL =
            descriptor(
                    Map.of(
                            "annotations",
                            HINTS,
                            "execution",
                            EXECUTION,
                            "inputSchema",
                            OfferedShape::schema,
                            "outputSchema",
                            OfferedShape::schema));

    static final MemberShape CONTENT =
            descriptor(
                    Map.of(
                            "name", TEXT,
                            "mimeType", TEXT,
                            "size", NUMBER,
                            "annotations", CONTENT_HINTS));

    static final MemberShape PROMPT = descriptor(Map.of("arguments", list(ARGUMENT)));

    private OfferedShape() {}

    private static MemberShape descriptor(Map<String, MemberShape> own) {
        var members = new HashMap<>(EVERYWHERE);
        members.putAll(own);
        return object(members, NOT_NULL);
    }

    private static boolean isPriority(JsonNode value) {
        return value.isNumber()
                && value.decimalValue().signum() >= 0
                && value.decimalValue().compareTo(BigDecimal.ONE) <= 0;
    }

    private static boolean isDateTime(String text) {
        return DATE_TIME.matcher(text).matches() && isDate(text.substring(0, DATE));
    }

    private static boolean isDate(String text) {
        try {
            return LocalDate.parse(text).getYear() >= 0;
        } catch (DateTimeException _) {
            return false;
        }
    }

    /** What is no object is no schema of a tool that is offered, and left to those who say so. */
    private static Optional<JsonNode> schema(JsonNode schema) {
        return schema.isObject()
                ? ROOT_SCHEMA.of(AbsentKeywords.without(schema))
                : NOT_NULL.of(schema);
    }

    /** A schema that is true or false, spelled as one that clients take. */
    private static Optional<JsonNode> asObject(JsonNode schema) {
        if (!schema.isBoolean()) {
            return Optional.of(schema);
        }
        var spelled = JSON.objectNode();
        if (!schema.booleanValue()) {
            spelled.putObject("not");
        }
        return Optional.of(spelled);
    }
}
