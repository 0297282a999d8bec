package io.sallyport.catalog;

/** A schema that cannot be compiled safely. The message is the rule, never text of the schema. */
public final class RejectedSchema extends Exception {
    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String pointer;

    /**
     * @param rule one of {@code schema_too_large ref_cycle external_ref unjudgeable_keyword
     *     unsupported_dialect invalid_schema}
     * @param pointer JSON pointer into the schema, empty for the whole
     */
    public RejectedSchema(String rule, String pointer) {
        super(rule, null, false, false);
        this.rule = rule;
        this.pointer = pointer;
    }

    public String rule() {
        return rule;
    }

    public String pointer() {
        return pointer;
    }
}
