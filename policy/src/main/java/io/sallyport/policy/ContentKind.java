package io.sallyport.policy;

import java.util.Locale;

/** What a server offers beside tools. */
public enum ContentKind {
    /** Known by its URI. */
    RESOURCE,

    /** Known by its text; rules about resources are about templates too. */
    TEMPLATE,

    /** Known by its name. */
    PROMPT;

    /** The name in JSON and records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
