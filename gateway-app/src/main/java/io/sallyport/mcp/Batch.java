package io.sallyport.mcp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Several messages in one body, as the revisions up to 2025-03-26 have it. All of them are read
 * before the first one is worked on: a batch with a fault in it does nothing.
 *
 * @param messages in their order
 */
record Batch(List<RpcMessage> messages) {
    static final String VERSION = "2025-03-26";

    /** It names no batches, but takes JSON-RPC 2.0 as it is, which has them. */
    static final String VERSION_BEFORE = "2024-11-05";

    /** A client that has more to say sends more batches; each answer waits for all of them. */
    static final int MOST = 20;

    Batch {
        messages = List.copyOf(messages);
    }

    static boolean isSpokenIn(String version) {
        return version.equals(VERSION) || version.equals(VERSION_BEFORE);
    }

    static Batch read(JsonNode tree) {
        return new Batch(tree.valueStream().limit(MOST + 1L).map(RpcMessage::read).toList());
    }

    /** Why it is refused as a whole, if it is. */
    Optional<String> fault() {
        if (messages.isEmpty() || messages.size() > MOST) {
            return Optional.of("a batch holds 1 to 20 messages");
        }
        var ids = new ArrayList<Object>();
        for (var message : messages) {
            switch (message) {
                case RpcMessage.Invalid(var sentence) -> {
                    return Optional.of(sentence);
                }
                case RpcMessage.Request it when isOutside(it) -> {
                    return Optional.of(it.method() + " is no part of a batch");
                }
                case RpcMessage.Request it -> ids.add(number(it.id()));
                case RpcMessage.Notification _, RpcMessage.Response _ -> {
                    // nobody waits for an answer to it
                }
            }
        }
        return new HashSet<>(ids).size() == ids.size()
                ? Optional.empty()
                : Optional.of("the ids of a batch are different");
    }

    /** What opens a session, or belongs to none. */
    private static boolean isOutside(RpcMessage.Request request) {
        return OUTSIDE.contains(request.method())
                || ModernRules.meta(request.params()).has(ModernRules.PROTOCOL);
    }

    private static final Set<String> OUTSIDE = Set.of("initialize", "server/discover");

    /** 1 and 1.0 are one id to whoever compares numbers. */
    private static Object number(JsonNode id) {
        return id.isNumber() ? id.decimalValue().stripTrailingZeros() : id.asString();
    }
}
