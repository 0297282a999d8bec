package io.sallyport.egress;

import java.time.Duration;
import java.util.List;

/**
 * One HTTP request that leaves this process.
 *
 * @param method GET, POST or DELETE
 * @param headers sent as they are; Host, Content-Length and Connection are the client's
 * @param body sent as it is; empty for none. The array is not copied: do not change it
 * @param timeout for everything, from the first look-up of the name to the last byte of the body
 * @param maxBytes longest body that is read
 */
public record EgressRequest(
        Destination destination,
        String method,
        List<Header> headers,
        byte[] body,
        Duration timeout,
        long maxBytes) {
    public EgressRequest {
        headers = List.copyOf(headers);
        if (!timeout.isPositive() || maxBytes < 0) {
            throw new IllegalArgumentException("timeout and limit must be positive");
        }
    }
}
