package io.sallyport.catalog;

import io.sallyport.policy.ContentKind;
import java.util.Locale;

/** What a server lists beside tools. */
public enum EntryKind {
    /** One resource. */
    RESOURCE("uri", ContentKind.RESOURCE),

    /** A family of resources, by an RFC 6570 template of their URIs. */
    TEMPLATE("uriTemplate", ContentKind.TEMPLATE),

    /** A prompt. */
    PROMPT("name", ContentKind.PROMPT);

    private final String keyMember;
    private final ContentKind content;

    EntryKind(String keyMember, ContentKind content) {
        this.keyMember = keyMember;
        this.content = content;
    }

    /** The member of a list entry that tells it from the others of its kind. */
    public String keyMember() {
        return keyMember;
    }

    /** What policy is asked about it. */
    public ContentKind content() {
        return content;
    }

    /** The name in JSON and records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
