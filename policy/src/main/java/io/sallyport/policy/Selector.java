package io.sallyport.policy;

import io.sallyport.policy.yaml.Position;
import io.sallyport.policy.yaml.YamlNode;
import java.util.Optional;

/**
 * One entry of a list in a policy, or of a toolset, and where it stands: for telling whether there
 * is anything that it is about. Decisions do not look at it.
 */
public final class Selector {
    private final Kind kind;
    private final String text;
    private final Position at;
    private final Glob server;
    private final Glob name;

    /** What an entry is compared with. */
    public enum Kind {
        /** Names of tools. */
        TOOL(""),
        RISK("risk:"),
        /** Labels of tools. */
        LABEL("label:"),
        TOOLSET("toolset:"),
        /** URIs of resources. */
        RESOURCE(""),
        PROMPT(""),
        /** Labels of servers, for resources and prompts. */
        SERVER_LABEL("label:"),
        /** Who asks, or approves. */
        SUBJECT("");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    private Selector(Kind kind, String text, Position at) {
        this.kind = kind;
        this.text = text;
        this.at = at;
        int slash = text.indexOf('/');
        server = Glob.of(slash < 0 ? text : text.substring(0, slash));
        name = Glob.of(text.substring(slash + 1));
    }

    /**
     * The entry of a policy.
     *
     * @param entry with the prefix of its kind
     */
    static Selector of(Kind kind, YamlNode.Text entry) {
        return new Selector(kind, entry.value().substring(kind.prefix.length()), entry.at());
    }

    /**
     * The entry of a toolset.
     *
     * @param glob one that {@link ToolGlob} takes
     */
    public static Selector ofTools(String glob) {
        return new Selector(Kind.TOOL, glob, Position.START);
    }

    public Kind kind() {
        return kind;
    }

    /** Without the prefix of its kind; that of a subject is part of it. */
    public String text() {
        return text;
    }

    /** As it was written. */
    public String written() {
        return kind.prefix + text;
    }

    /** Counts from 1. */
    public int line() {
        return at.line();
    }

    /** Counts from 1, in characters. */
    public int column() {
        return at.column();
    }

    /** Tells whether this is the lone {@code *}. */
    public boolean isEverything() {
        return text.equals("*");
    }

    /** The only server that it can be about, or empty if several can. */
    public Optional<ServerSlug> onlyServer() {
        int slash = text.indexOf('/');
        return slash >= 0 && server.isLiteral()
                ? Optional.of(new ServerSlug(text.substring(0, slash)))
                : Optional.empty();
    }

    public boolean matches(ServerSlug slug) {
        return server.matches(slug.value());
    }

    /**
     * Tells whether it stands for what is called {@code it} on that server; never of what is no
     * pattern over names.
     */
    public boolean matches(ServerSlug slug, String it) {
        return switch (kind) {
            case TOOL, RESOURCE, PROMPT -> matches(slug) && name.matches(it);
            case RISK, LABEL, TOOLSET, SERVER_LABEL, SUBJECT -> false;
        };
    }
}
