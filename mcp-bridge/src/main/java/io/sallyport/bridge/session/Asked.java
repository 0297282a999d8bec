package io.sallyport.bridge.session;

import io.sallyport.bridge.Header;
import java.util.List;

/**
 * What an answer must answer.
 *
 * @param id of the JSON-RPC request
 * @param headers of the session that it was asked in
 * @param maxBytes longest answer
 */
record Asked(long id, List<Header> headers, Deadline deadline, long maxBytes) {
    int maxEventBytes() {
        return Math.clamp(maxBytes, 0, Integer.MAX_VALUE);
    }
}
