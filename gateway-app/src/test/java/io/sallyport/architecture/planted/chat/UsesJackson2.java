package io.sallyport.architecture.planted.chat;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Planted: this must be reported. */
final class UsesJackson2 {
    private UsesJackson2() {}

    static ObjectMapper mapper() {
        return new ObjectMapper();
    }
}
