package io.sallyport.bridge;

/** What a server lists. */
public enum ListKind {
    TOOLS("tools/list", "tools", "tools"),
    RESOURCES("resources/list", "resources", "resources"),
    TEMPLATES("resources/templates/list", "resourceTemplates", "resources"),
    PROMPTS("prompts/list", "prompts", "prompts");

    private final String method;
    private final String member;
    private final String capability;

    ListKind(String method, String member, String capability) {
        this.method = method;
        this.member = member;
        this.capability = capability;
    }

    public String method() {
        return method;
    }

    /** The member of the result that holds the list. */
    public String member() {
        return member;
    }

    /** The server capability without which there is nothing to list. */
    public String capability() {
        return capability;
    }
}
