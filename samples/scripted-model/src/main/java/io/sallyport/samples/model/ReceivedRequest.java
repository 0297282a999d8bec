package io.sallyport.samples.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One chat request as it arrived.
 *
 * @param headers by name, in any case
 * @param body as UTF-8 text
 */
public record ReceivedRequest(Map<String, List<String>> headers, String body) {

    public ReceivedRequest {
        var anyCase = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = Collections.unmodifiableMap(anyCase);
    }

    /** The values of header {@code name}; empty if it was not sent. */
    public List<String> header(String name) {
        return headers.getOrDefault(name, List.of());
    }
}
