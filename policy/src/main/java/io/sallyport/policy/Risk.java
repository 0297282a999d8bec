package io.sallyport.policy;

import java.util.Locale;
import java.util.Optional;

/** What a tool can do to the world, as an admin classified it. Annotations may only raise it. */
public enum Risk {
    READ,
    WRITE,
    DESTRUCTIVE,
    /** Nobody has looked yet; treated as {@link #DESTRUCTIVE}. */
    UNCLASSIFIED;

    /** The name in JSON, YAML and records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The class that rules see: {@link #UNCLASSIFIED} counts as {@link #DESTRUCTIVE}. */
    public Risk effective() {
        return this == UNCLASSIFIED ? DESTRUCTIVE : this;
    }

    public static Optional<Risk> of(String code) {
        for (var risk : values()) {
            if (risk.code().equals(code)) {
                return Optional.of(risk);
            }
        }
        return Optional.empty();
    }
}
