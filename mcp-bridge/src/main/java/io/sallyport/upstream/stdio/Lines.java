package io.sallyport.upstream.stdio;

import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The lines of a stream, as bytes, none longer than the longest answer that is wanted. */
final class Lines {
    private static final int LONGEST = 8 * 1024 * 1024;

    private final InputStream in;

    Lines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** The next one without its end, which the last one of the stream may lack; empty after it. */
    Optional<byte[]> next() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return Optional.of(line.toByteArray());
            }
            if (line.size() == LONGEST) {
                throw new UpstreamException(UpstreamFailure.RESPONSE_TOO_LARGE, true);
            }
            line.write(next);
        }
        return line.size() > 0 ? Optional.of(line.toByteArray()) : Optional.empty();
    }
}
