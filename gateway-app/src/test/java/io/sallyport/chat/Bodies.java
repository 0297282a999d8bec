package io.sallyport.chat;

/** Request bodies of the tests. */
final class Bodies {
    private Bodies() {}

    static String ask(String model, String more) {
        return """
        {"model":"%s","messages":[{"role":"user","content":"Hello"}]%s}\
        """
                .formatted(model, more.isEmpty() ? "" : "," + more);
    }

    static String ask(String model, boolean stream) {
        return ask(model, stream ? STREAM : "");
    }

    static final String STREAM = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";

    /** A client function of that name. */
    static String function(String name) {
        return """
        {"type":"function","function":{"name":"%s","parameters":{"type":"object"}}}\
        """
                .formatted(name);
    }
}
