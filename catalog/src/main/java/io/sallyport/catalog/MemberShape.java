package io.sallyport.catalog;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a member of a descriptor may be, and so what clients are offered of it. */
@FunctionalInterface
interface MemberShape {
    MemberShape ANY = Optional::of;
    MemberShape NOT_NULL = it -> when(!it.isNull(), it);
    MemberShape TEXT = it -> when(it.isString(), it);
    MemberShape FLAG = it -> when(it.isBoolean(), it);

    /** Beyond a double a number is none to most readers. */
    MemberShape NUMBER =
            it -> when(it.isNumber() && Double.isFinite(it.decimalValue().doubleValue()), it);

    /**
     * What is offered of a value, empty if the member is left out. It may share parts with the
     * value, so nobody may modify it.
     */
    Optional<JsonNode> of(JsonNode value);

    static Optional<JsonNode> when(boolean fits, JsonNode value) {
        return fits ? Optional.of(value) : Optional.empty();
    }

    /** One of these texts. */
    static MemberShape word(Set<String> words) {
        return it -> when(words.contains(it.stringValue("")), it);
    }

    /** An object without the members that are something else than they may be. */
    static MemberShape object(Map<String, MemberShape> members, MemberShape others) {
        return value -> {
            var copy = JsonNodeFactory.instance.objectNode();
            for (var it : value.properties()) {
                var shape = members.getOrDefault(it.getKey(), others);
                shape.of(it.getValue()).ifPresent(kept -> copy.set(it.getKey(), kept));
            }
            return when(value.isObject(), copy);
        };
    }

    /** A list without the items that are something else than they may be. */
    static MemberShape list(MemberShape item) {
        return value -> {
            var copy = JsonNodeFactory.instance.arrayNode();
            value.forEach(it -> item.of(it).ifPresent(copy::add));
            return when(value.isArray(), copy);
        };
    }

    /** A list whose items all are what they may be. */
    static MemberShape listOfAll(MemberShape item) {
        return value -> list(item).of(value).filter(it -> it.size() == value.size());
    }

    /** The same, if it has a text of this name, which clients cannot do without. */
    default MemberShape with(String text) {
        return value -> of(value).filter(it -> it.path(text).isString());
    }
}
