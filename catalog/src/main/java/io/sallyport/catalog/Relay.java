package io.sallyport.catalog;

import java.util.Locale;

/** What a server may ask of the client behind a call. */
public enum Relay {
    /** Questions to the person. */
    ELICITATION,

    /** Completions by the client's model. */
    SAMPLING,

    /** The client's folders. */
    ROOTS;

    /** The name in JSON and configuration. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
