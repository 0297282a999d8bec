package io.sallyport.chat;

import io.sallyport.bridge.JsonWeight;
import io.sallyport.provider.AnswerPieces;
import io.sallyport.provider.ModelFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells to which call of a streamed round a fragment belongs. OpenAI numbers the calls; others
 * leave the number out, write it as text, or give every call the same; some repeat id and name in
 * each fragment. Calls are counted from 0 in the order in which they begin, and each has an id of
 * its own from its first fragment on, because a client may see that one before the next comes.
 */
final class CallPlaces {
    /**
     * Of one answer, streamed or not. Far above what a run may call; each costs many times what it
     * is written with.
     */
    static final int MOST = 1_000;

    private final AnswerPieces held;
    private final List<Place> places = new ArrayList<>();
    private final Map<String, Place> byIndex = new HashMap<>();
    private final Map<String, Place> byId = new HashMap<>();

    CallPlaces(AnswerPieces held) {
        this.held = held;
    }

    /** What is known of one call. */
    private static final class Place {
        private final int number;
        private final ObjectText arguments = new ObjectText();
        private final StringBuilder name = new StringBuilder();
        private String id = "";

        private Place(int number) {
            this.number = number;
        }

        private boolean isNamed(String other) {
            return other.contentEquals(name);
        }

        /** Whether {@code next} cannot go on with this call. */
        private boolean isOverBefore(Fragment next) {
            if (next.name().isEmpty()) {
                return false;
            }
            if (!next.id().isEmpty() && next.id().equals(id)) {
                return isAnother(next);
            }
            return isRenamed(next) && (next.index().isEmpty() || arguments.hasBegun())
                    || isWholeBefore(next);
        }

        /** Whether {@code next} has the id of this call, but name and arguments of another. */
        private boolean isAnother(Fragment next) {
            return isRenamed(next) && isWholeBefore(next);
        }

        private boolean isRenamed(Fragment next) {
            return !name.isEmpty() && !next.name().isEmpty() && !isNamed(next.name());
        }

        private boolean isWholeBefore(Fragment next) {
            return arguments.isWhole() && !next.arguments().isBlank();
        }

        private void add(Fragment fragment) {
            id = id.isEmpty() ? fragment.id() : id;
            if (!isNamed(fragment.name())) {
                name.append(fragment.name());
            }
            arguments.add(fragment.arguments());
        }
    }

    /** Members that are missing are empty. */
    private record Fragment(String index, String id, String name, String arguments) {
        static Fragment of(ObjectNode call) {
            var custom = call.path("custom").isObject();
            var body = call.path(custom ? "custom" : "function");
            return new Fragment(
                    index(call.path("index")),
                    id(call),
                    Members.text(body, "name"),
                    Members.text(body, custom ? "input" : "arguments"));
        }

        private static String id(ObjectNode call) {
            var id = Members.text(call, "id");
            return id.isBlank() ? "" : id;
        }

        private static String index(JsonNode index) {
            return index.isIntegralNumber() ? index.asString() : Members.textOf(index).orElse("");
        }
    }

    /**
     * Writes {@code call}, which is one or a fragment of one, with the number of its call, and with
     * an id if it is the first of it. An id that comes later, or that an earlier call has, is not
     * that of the call.
     */
    void write(ObjectNode call) {
        var fragment = Fragment.of(call);
        var known = known(fragment);
        if (known.isPresent()) {
            call.remove("id");
        } else if (fragment.id().isEmpty() || byId.containsKey(fragment.id())) {
            call.put("id", Ids.mint("call_"));
        }
        var place = known.orElseGet(this::next);
        remember(byIndex, fragment.index(), place);
        remember(byId, fragment.id(), place);
        held.add(JsonWeight.ofText(fragment.name().length()));
        place.add(fragment);
        call.put("index", place.number);
    }

    /** Those who count their fragments have one place under many names. */
    private void remember(Map<String, Place> known, String name, Place place) {
        if (!name.isEmpty() && known.put(name, place) == null) {
            held.add(JsonWeight.ofMember(name));
        }
    }

    private Place next() {
        if (places.size() == MOST) {
            throw ModelFailure.tooLarge();
        }
        var place = new Place(places.size());
        places.add(place);
        return place;
    }

    /** The call that goes on, or empty if a new one begins. */
    private Optional<Place> known(Fragment fragment) {
        var here = Optional.ofNullable(byIndex.get(fragment.index()));
        var isHere =
                here.filter(it ->
                        fragment.id().isEmpty() || it.id.isEmpty() || it.id.equals(fragment.id()));
        if (isHere.isPresent()) {
            return isHere.filter(it -> !it.isOverBefore(fragment));
        }
        var named = Optional.ofNullable(byId.get(fragment.id()));
        if (named.isPresent()) {
            var twice = here.isEmpty() && !fragment.index().isEmpty() && !fragment.name().isEmpty();
            return named.filter(it -> !twice && !it.isAnother(fragment));
        }
        return fragment.name().isEmpty() ? goingOn(fragment, here) : unnumbered(fragment);
    }

    /** A fragment without a name begins a call only if it brings a number or an id of its own. */
    private Optional<Place> goingOn(Fragment fragment, Optional<Place> here) {
        if (here.isPresent() || fragment.id().isEmpty()) {
            return here.or(this::last);
        }
        return fragment.index().isEmpty()
                ? last().filter(it -> it.arguments.hasBegun() && !it.arguments.isWhole())
                : Optional.empty();
    }

    /** A name alone goes on with the last call if it only repeats its name. */
    private Optional<Place> unnumbered(Fragment fragment) {
        return fragment.id().isEmpty() && fragment.index().isEmpty()
                ? last().filter(it -> !it.isOverBefore(fragment))
                : Optional.empty();
    }

    private Optional<Place> last() {
        return places.isEmpty() ? Optional.empty() : Optional.of(places.getLast());
    }
}
