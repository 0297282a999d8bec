package io.sallyport.policy;

import java.util.Optional;

/**
 * A pattern over the resources or the prompts of servers: {@code server/uri} or {@code
 * server/name}, or a lone {@code *} for all of that kind. A {@code *} stands for any number of
 * characters of its own segment; the first {@code /} ends the server's segment, all that follows is
 * the URI or the name. Case-sensitive.
 */
final class ContentGlob {
    /** The longest URI that may be asked for, after the longest slug. */
    private static final int MAX_LENGTH = ResourceUri.MAX_LENGTH + 33;

    /** Wildcards elsewhere but not here; a URI may hold a {@code ?}, and it means itself. */
    private static final String NOT_IN_URIS = "[]{}\\";

    private static final String NOT_IN_NAMES = "?" + NOT_IN_URIS;

    private final String pattern;
    private final Glob server;
    private final Glob name;

    private ContentGlob(String pattern, Glob server, Glob name) {
        this.pattern = pattern;
        this.server = server;
        this.name = name;
    }

    /** Returns the compiled pattern, or empty if {@code pattern} is none. */
    static Optional<ContentGlob> parse(ContentKind kind, String pattern) {
        if (pattern.equals("*")) {
            return Optional.of(new ContentGlob(pattern, Glob.of("*"), Glob.of("*")));
        }
        int slash = pattern.indexOf('/');
        if (slash < 0 || pattern.length() > MAX_LENGTH || pattern.contains("**")) {
            return Optional.empty();
        }
        var name = pattern.substring(slash + 1);
        return Glob.ofServer(pattern.substring(0, slash))
                .filter(_ -> isNamePattern(kind, name))
                .map(server -> new ContentGlob(pattern, server, Glob.of(name)));
    }

    private static boolean isNamePattern(ContentKind kind, String name) {
        var refused =
                switch (kind) {
                    case RESOURCE, TEMPLATE -> NOT_IN_URIS;
                    case PROMPT -> NOT_IN_NAMES;
                };
        return PlainText.isPlain(name) && name.chars().noneMatch(c -> refused.indexOf(c) >= 0);
    }

    boolean matches(ServerSlug slug, String content) {
        return server.matches(slug.value()) && name.matches(content);
    }

    /** Tells whether the name is spelled out, so that it matches itself only. */
    boolean spellsName() {
        return name.isLiteral();
    }

    /** Tells whether this is the lone {@code *}. */
    boolean isEverything() {
        return pattern.equals("*");
    }

    /** Returns the only server that can match, or empty if several can. */
    Optional<ServerSlug> onlyServer() {
        return server.isLiteral()
                ? Optional.of(new ServerSlug(pattern.substring(0, pattern.indexOf('/'))))
                : Optional.empty();
    }
}
