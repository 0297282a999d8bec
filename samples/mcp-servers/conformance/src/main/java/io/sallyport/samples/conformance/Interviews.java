package io.sallyport.samples.conformance;

import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The interviews that are written down in {@code questions.json}. */
final class Interviews {

    private final JsonNode written;
    private final SealedState seal = new SealedState();

    Interviews(JsonNode written) {
        this.written = written;
    }

    Optional<Interview> named(String name) {
        return written.optional(name).map(found -> Interview.of(name, found));
    }

    /** One turn; {@code told} makes a result of what is said in the end. */
    Outcome next(Interview interview, Turn turn, Function<String, ObjectNode> told) {
        return switch (interview.next(turn, seal)) {
            case Interview.Step.Ask(Outcome.Asks questions) -> questions;
            case Interview.Step.Say(String text) -> new Outcome.Done(told.apply(text));
            case Interview.Step.Refuse(String reason) -> new Outcome.Invalid(reason);
        };
    }
}
