package io.sallyport.acceptance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One HTTP request of a test. */
record Ask(String method, String path, Map<String, String> headers, Optional<String> body) {
    Ask {
        headers = Map.copyOf(headers);
    }

    static Ask of(String method, String path) {
        return new Ask(method, path, Map.of(), Optional.empty());
    }

    static Ask get(String path) {
        return of("GET", path);
    }

    static Ask post(String path, String json) {
        return of("POST", path).json(json);
    }

    static Ask put(String path, String json) {
        return of("PUT", path).json(json);
    }

    Ask json(String json) {
        return new Ask(method, path, headers, Optional.of(json))
                .with("content-type", "application/json");
    }

    Ask bearer(String key) {
        return with("authorization", "Bearer " + key);
    }

    Ask with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Ask(method, path, more, body);
    }
}
