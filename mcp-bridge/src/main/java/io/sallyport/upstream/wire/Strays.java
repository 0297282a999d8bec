package io.sallyport.upstream.wire;

import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;

/**
 * What comes on one stream and concerns nobody here: heartbeats that are no messages, answers to
 * nothing that was asked. It is skipped and changes nothing, no deadline either; a stream that says
 * too much of it is left. Confined to the reading of that stream.
 */
public final class Strays {
    /** One a second for as long as a stream lives. */
    private static final int MOST = 2_000;

    private static final int MOST_BYTES = 1024 * 1024;

    private int count;
    private int bytes;

    /**
     * @throws UpstreamException if it was too much
     */
    public void skip(int size) {
        count++;
        bytes += Math.min(size, MOST_BYTES);
        if (count > MOST || bytes > MOST_BYTES) {
            throw new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true);
        }
    }
}
