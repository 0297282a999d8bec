package io.sallyport.policy.yaml;

/** What came out of reading a text as YAML. */
public sealed interface YamlReading {
    /** The text is one well-formed document. */
    record Document(YamlNode root) implements YamlReading {}

    /**
     * The text is not a document that is accepted here.
     *
     * @param code {@code invalid_yaml}, {@code duplicate_key}, {@code too_deep} or {@code
     *     unsupported_yaml}
     */
    record Fault(String code, String message, Position at) implements YamlReading {}
}
