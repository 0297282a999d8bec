package io.sallyport.catalog;

import java.util.Locale;

/**
 * What vetting noticed about one descriptor.
 *
 * @param rule id of the rule, e.g. {@code ref_cycle}
 * @param pointer JSON pointer into the descriptor, empty for the whole; at most 500 characters
 * @param excerpt printable ASCII around the place, at most 120 characters; other characters are
 *     escaped, so that it is safe in a terminal and in a log
 */
public record Finding(String rule, Severity severity, String pointer, String excerpt) {
    /** Something of a schema is not judged; its severity says whether it may be left out. */
    public static final String UNJUDGED = "unjudgeable_keyword";

    public Finding {
        pointer = JsonPointers.kept(pointer);
    }

    /** Whether it says so; not named like a member, of which findings are stored. */
    public boolean leavesUnjudged() {
        return rule.equals(UNJUDGED);
    }

    public enum Severity {
        /** An admin should read it before approving. */
        WARN,
        /** Approval needs an explicit, recorded override. */
        BLOCK,
        /** The tool cannot be served; no override. */
        REJECT;

        /** The name in JSON and records. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
