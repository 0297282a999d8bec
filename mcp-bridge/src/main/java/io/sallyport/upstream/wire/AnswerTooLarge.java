package io.sallyport.upstream.wire;

import io.sallyport.egress.Oversize;

/** It is the answer itself that is too large, and nothing that came before it. */
public final class AnswerTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Oversize oversize;

    public AnswerTooLarge(Oversize oversize) {
        super("answer too large", null, false, false);
        this.oversize = oversize;
    }

    Oversize oversize() {
        return oversize;
    }
}
