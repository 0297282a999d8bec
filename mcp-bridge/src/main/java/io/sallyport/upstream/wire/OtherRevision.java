package io.sallyport.upstream.wire;

import io.sallyport.bridge.UpstreamException;

/** A server refuses a greeting and names an older revision that it would take. */
final class OtherRevision extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String revision;
    private final transient UpstreamException fault;

    OtherRevision(String revision, UpstreamException fault) {
        super("other revision", null, false, false);
        this.revision = revision;
        this.fault = fault;
    }

    /** One that is spoken here. */
    String revision() {
        return revision;
    }

    /** What the refusal is to whoever does not ask again. */
    UpstreamException fault() {
        return fault;
    }
}
