package io.sallyport.bridge;

/** What a server says has changed. */
public sealed interface ServerChange {
    /** One of its lists; {@code TEMPLATES} is never told apart from {@code RESOURCES}. */
    record OfList(ListKind kind) implements ServerChange {}

    /** The content of a resource that was subscribed to. */
    record OfResource(String uri) implements ServerChange {}
}
