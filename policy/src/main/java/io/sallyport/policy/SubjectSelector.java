package io.sallyport.policy;

import java.util.Optional;

/** One entry of a rule's subjects or approvers, such as {@code group:support}. Case-sensitive. */
record SubjectSelector(Kind kind, String value) {
    /** What is compared. */
    enum Kind {
        USER("user:"),
        GROUP("group:"),
        KEY("key:"),
        KEY_GROUP("key-group:"),
        CLIENT("client:"),
        ROLE("role:"),
        ANY("any");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * Returns the selector, or empty if {@code text} is none. Patterns are not accepted: a star
     * would read like one and match nobody.
     */
    static Optional<SubjectSelector> parse(String text) {
        if (text.equals(Kind.ANY.prefix)) {
            return Optional.of(new SubjectSelector(Kind.ANY, ""));
        }
        for (var kind : Kind.values()) {
            if (kind != Kind.ANY && text.startsWith(kind.prefix)) {
                var value = text.substring(kind.prefix.length());
                return isValue(value)
                        ? Optional.of(new SubjectSelector(kind, value))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isValue(String value) {
        return PlainText.isPlain(value) && value.indexOf('*') < 0;
    }

    boolean matches(Principal principal) {
        return switch (kind) {
            case USER -> isUser(principal.subject());
            case GROUP -> principal.groups().contains(value);
            case KEY -> principal.credential().equals(value);
            case KEY_GROUP -> principal.keyGroups().contains(value);
            case CLIENT -> principal.client().equals(value);
            case ROLE -> principal.roles().contains(value);
            case ANY -> true;
        };
    }

    /**
     * Tells whether the selector may name approvers: a key, a client or "any" could be an agent
     * that approves for another.
     */
    boolean namesPeople() {
        return switch (kind) {
            case USER, GROUP, ROLE -> true;
            case KEY, KEY_GROUP, CLIENT, ANY -> false;
        };
    }

    private boolean isUser(String subject) {
        var prefix = Kind.USER.prefix;
        return subject.length() == prefix.length() + value.length()
                && subject.startsWith(prefix)
                && subject.endsWith(value);
    }
}
