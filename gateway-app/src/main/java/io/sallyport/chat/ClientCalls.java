package io.sallyport.chat;

import io.sallyport.provider.AnswerPieces;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Picks the client's own tool calls out of a streamed round and numbers them from 0 without gaps. A
 * call is shown once its name is complete: when its arguments begin, when the next call begins, or
 * when the round ends.
 */
final class ClientCalls {
    private static final int UNDECIDED = -1;
    private static final int SERVERS = -2;

    private final ToolOffer offer;
    private final AnswerPieces held;
    private final TreeMap<Integer, Place> places = new TreeMap<>();
    private final List<ObjectNode> ready = new ArrayList<>();
    private int shown;

    /**
     * @param held counts what is kept
     */
    ClientCalls(ToolOffer offer, AnswerPieces held) {
        this.offer = offer;
        this.held = held;
    }

    /** A call and the index under which the client sees it. */
    private static final class Place {
        private final StreamedCall call;
        private int index = UNDECIDED;

        private Place(AnswerPieces held) {
            call = new StreamedCall(held);
        }
    }

    void add(ObjectNode delta) {
        for (var element : CallList.of(delta)) {
            if (element instanceof ObjectNode fragment) {
                add(fragment.path("index").asInt(), fragment);
            }
        }
    }

    private void add(int index, ObjectNode fragment) {
        if (!places.containsKey(index)) {
            flush();
        }
        var place = places.computeIfAbsent(index, _ -> new Place(held));
        switch (place.index) {
            case SERVERS -> {}
            case UNDECIDED -> begin(place, fragment);
            default -> ready.add(delta(continued(fragment, place.index)));
        }
    }

    private void begin(Place place, ObjectNode fragment) {
        place.call.add(fragment);
        if (place.call.hasArguments()) {
            decide(place);
        }
    }

    private void decide(Place place) {
        var tree = place.call.tree();
        if (offer.isClients(RequestedCall.read(tree).name())) {
            place.index = shown++;
            ready.add(delta(begun(tree, place.index)));
        } else {
            place.index = SERVERS;
        }
    }

    private static ObjectNode begun(ObjectNode tree, int index) {
        var call = JsonNodeFactory.instance.objectNode().put("index", index);
        call.setAll(tree);
        return call;
    }

    private static ObjectNode continued(ObjectNode fragment, int index) {
        var call = fragment.deepCopy().put("index", index);
        call.remove(List.of("id", "type"));
        Members.object(call, "function").ifPresent(it -> it.remove("name"));
        Members.object(call, "custom").ifPresent(it -> it.remove("name"));
        return call;
    }

    private static ObjectNode delta(ObjectNode call) {
        var delta = JsonNodeFactory.instance.objectNode();
        delta.putArray("tool_calls").add(call);
        return delta;
    }

    /** No more fragments of the calls that have begun. */
    void flush() {
        places.values().stream().filter(it -> it.index == UNDECIDED).forEach(this::decide);
    }

    /** The deltas to show now. */
    List<ObjectNode> taken() {
        var taken = List.copyOf(ready);
        ready.clear();
        return taken;
    }
}
