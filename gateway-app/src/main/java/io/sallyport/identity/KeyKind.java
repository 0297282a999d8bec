package io.sallyport.identity;

import java.util.Locale;

/** What a key is for; each kind brings its own roles. */
public enum KeyKind {
    AGENT,
    ADMIN,
    APPROVER,
    AUDITOR;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
