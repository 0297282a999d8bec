package io.sallyport.audit;

/** What came of opening a sealed payload. */
public sealed interface Unsealing {
    record Opened(Payload payload) implements Unsealing {}

    /** Its key was destroyed. */
    record Erased() implements Unsealing {}

    /** It is not what was sealed under this id, key and scope. */
    record Damaged() implements Unsealing {}
}
