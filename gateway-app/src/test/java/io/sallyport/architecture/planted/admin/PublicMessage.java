package io.sallyport.architecture.planted.admin;

/** Planted: the nested record must be reported. */
public sealed interface PublicMessage {
    record NestedRequest(String id) implements PublicMessage {}
}
