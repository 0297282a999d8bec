package io.sallyport.vetting.schema;

import io.sallyport.catalog.RejectedSchema;

/** Why schemas are rejected, and the budgets behind {@link #TOO_LARGE}. */
final class SchemaRules {
    static final String TOO_LARGE = "schema_too_large";
    static final String REF_CYCLE = "ref_cycle";
    static final String EXTERNAL_REF = "external_ref";
    static final String UNSUPPORTED_DIALECT = "unsupported_dialect";
    static final String INVALID = "invalid_schema";

    /** Bytes of compact JSON; the largest of 566 published schemas has 76 KB. */
    static final int MAX_BYTES = 256 * 1024;

    /** Subschemas inside each other, references followed; published schemas need 13. */
    static final int MAX_DEPTH = 32;

    /** Subschemas, each counted once for every reference to it; published ones need 1 100. */
    static final int MAX_NODES = 2_000;

    /** Values of one enum; published schemas need 51. */
    static final int MAX_ENUM_VALUES = 1_000;

    /** Subschemas that are compiled, each once more for every reference of another spelling. */
    static final int MAX_COMPILED = 10_000;

    /**
     * Instructions of all patterns that are compiled, counted alike; the largest of the published
     * patterns has 230.
     */
    static final int MAX_INSTRUCTIONS = 50_000;

    /** Characters of a place in a schema, names of members included; published ones need 300. */
    static final int MAX_POINTER = 4_096;

    /** Keywords that may be left out as ones that cannot be judged: a reviewer confirms each. */
    static final int MAX_UNJUDGED = 50;

    /** Values of one enum that a hash table cannot tell apart; chance gives two. */
    static final int MAX_COLLISIONS = 8;

    private SchemaRules() {}

    static RejectedSchema tooLarge(String pointer) {
        return new RejectedSchema(TOO_LARGE, pointer);
    }

    static RejectedSchema invalid(String pointer) {
        return new RejectedSchema(INVALID, pointer);
    }
}
