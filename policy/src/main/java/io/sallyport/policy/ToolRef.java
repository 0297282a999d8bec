package io.sallyport.policy;

/** A tool by its real name: the server's slug and the name that the server itself gives it. */
public record ToolRef(ServerSlug server, String tool) {
    @Override
    public String toString() {
        return server + "/" + tool;
    }
}
