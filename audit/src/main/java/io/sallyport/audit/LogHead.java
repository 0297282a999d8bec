package io.sallyport.audit;

/**
 * What a log says about itself.
 *
 * @param checkpoint its latest checkpoint, a signed note; empty where a store lost it
 * @param key vkey of the key that signed it; only a hint, a verifier brings its own; empty where it
 *     is not said
 * @param payloads whether the sealed payloads that still exist come with their leaves
 */
public record LogHead(String checkpoint, String key, boolean payloads) {}
