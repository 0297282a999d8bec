package io.sallyport.policy;

import java.util.Optional;

/**
 * A pattern over tools: {@code server/tool}, or a lone {@code *} for every tool. A {@code *} stands
 * for any number of characters of its own segment; the first {@code /} ends the server's segment,
 * all that follows is the tool's own name, which may itself contain {@code /}. Case-sensitive.
 */
public final class ToolGlob {
    /** Longer than any name that a model could be offered; keeps matching cheap. */
    static final int MAX_LENGTH = 256;

    private final String pattern;
    private final Glob server;
    private final Glob tool;

    private ToolGlob(String pattern, Glob server, Glob tool) {
        this.pattern = pattern;
        this.server = server;
        this.tool = tool;
    }

    /**
     * Returns the compiled pattern, or empty if {@code pattern} is none: no {@code /}, a server
     * part that no slug can match, {@code **}, or a character that is a wildcard elsewhere but not
     * here ({@code ? [ ] { } \}) and would match other tools than its author expects.
     */
    public static Optional<ToolGlob> parse(String pattern) {
        if (pattern.equals("*")) {
            return Optional.of(new ToolGlob(pattern, Glob.of("*"), Glob.of("*")));
        }
        int slash = pattern.indexOf('/');
        if (slash < 0 || pattern.length() > MAX_LENGTH || pattern.contains("**")) {
            return Optional.empty();
        }
        var tool = afterSlash(pattern);
        return Glob.ofServer(pattern.substring(0, slash))
                .filter(_ -> isToolPattern(tool))
                .map(server -> new ToolGlob(pattern, server, Glob.of(tool)));
    }

    /** Tells whether {@code ref} is one of the tools that this pattern stands for. */
    public boolean matches(ToolRef ref) {
        return server.matches(ref.server().value()) && tool.matches(ref.tool());
    }

    /** Tells whether this is the lone {@code *}. */
    public boolean isEverything() {
        return pattern.equals("*");
    }

    /** Returns the only server that can match, or empty if several can. */
    Optional<ServerSlug> onlyServer() {
        return server.isLiteral()
                ? Optional.of(new ServerSlug(pattern.substring(0, pattern.indexOf('/'))))
                : Optional.empty();
    }

    /** Returns the only tool that can match, or empty if several can. */
    Optional<ToolRef> onlyTool() {
        return tool.isLiteral()
                ? onlyServer().map(slug -> new ToolRef(slug, afterSlash(pattern)))
                : Optional.empty();
    }

    private static String afterSlash(String pattern) {
        return pattern.substring(pattern.indexOf('/') + 1);
    }

    private static boolean isToolPattern(String tool) {
        return PlainText.isPlain(tool) && tool.chars().noneMatch(c -> "?[]{}\\".indexOf(c) >= 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ToolGlob glob && glob.pattern.equals(pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
