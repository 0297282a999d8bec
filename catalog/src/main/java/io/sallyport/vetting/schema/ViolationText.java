package io.sallyport.vetting.schema;

import com.networknt.schema.Error;
import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.Violation;

/**
 * Says what a value breaks, in words of the schema. The library's own messages are not used: some
 * quote the value. Charged to the running validation.
 */
final class ViolationText {
    /** Longest part of the schema that a message quotes. */
    private static final int MAX_QUOTE = 200;

    /** Names in a pointer are the caller's own and may be as long as the request. */
    private static final int MAX_POINTER = 500;

    private static final int MAX_NAME = 100;

    private ViolationText() {}

    static Violation of(Error error) {
        return isUndeclared(error)
                ? undeclared(pointer(error), error.getProperty())
                : new Violation(pointer(error), message(error));
    }

    private static boolean isUndeclared(Error error) {
        return error.getKeyword().equals("additionalProperties") && error.getProperty() != null;
    }

    /** A member that {@code pointer}'s value must not have; names are shown by their beginning. */
    static Violation undeclared(String pointer, String name) {
        var at = JsonPointers.append(pointer, ShortText.cut(name, MAX_NAME));
        return new Violation(at, "is not a declared argument");
    }

    private static String pointer(Error error) {
        return cut(error.getInstanceLocation().toString(), MAX_POINTER);
    }

    private static String message(Error error) {
        return switch (error.getKeyword()) {
            case "required", "dependentRequired" ->
                    "lacks the member " + quoted(error.getProperty());
            case "additionalProperties", "unevaluatedProperties" -> "has an undeclared member";
            case "false" -> "is not allowed";
            case "type" -> "must be of type " + limit(error);
            case "enum" -> "must be one of " + limit(error);
            case "const" -> "must be " + limit(error);
            default -> "does not satisfy " + error.getKeyword() + scalarLimit(error);
        };
    }

    private static String quoted(String name) {
        return '"' + ShortText.cut(name, MAX_QUOTE) + '"';
    }

    private static String scalarLimit(Error error) {
        return error.getSchemaNode().isValueNode() ? " " + limit(error) : "";
    }

    private static String limit(Error error) {
        return cut(JsonText.text(error.getSchemaNode()), MAX_QUOTE);
    }

    /** Charged afterwards: a part of a schema, or a place, is known by its text only. */
    private static String cut(String text, int length) {
        Effort.charge(text);
        return ShortText.cut(text, length);
    }
}
