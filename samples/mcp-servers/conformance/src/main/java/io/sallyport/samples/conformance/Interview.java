package io.sallyport.samples.conformance;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks the client in one or more rounds, then has something to say.
 *
 * @param name of the tool or prompt that asks
 * @param rounds the questions of each round, by key
 * @param says the first words of what is said in the end
 * @param isStateful the client must bring back which round it answers
 * @param isOptional only what the client can be asked is asked
 */
record Interview(
        String name, List<JsonNode> rounds, String says, boolean isStateful, boolean isOptional) {

    /** How a turn of an interview ends. */
    sealed interface Step {

        record Ask(Outcome.Asks questions) implements Step {}

        record Say(String text) implements Step {}

        record Refuse(String reason) implements Step {}
    }

    static Interview of(String name, JsonNode written) {
        return new Interview(
                name,
                written.path("rounds").valueStream().toList(),
                written.path("says").asString(),
                written.path("state").asBoolean(false),
                written.path("optional").asBoolean(false));
    }

    Step next(Turn turn, SealedState seal) {
        if (turn.state().isEmpty()) {
            return after(turn, 0, seal);
        }
        return turn.state()
                .flatMap(seal::open)
                .filter(state -> state.startsWith(name + ":"))
                .map(state -> Integer.parseInt(state.substring(name.length() + 1)))
                .map(round -> after(turn, round, seal))
                .orElseGet(() -> new Step.Refuse("The requestState is not from this server."));
    }

    private Step after(Turn turn, int round, SealedState seal) {
        var asked = questions(turn, round);
        if (!asked.propertyStream().allMatch(q -> turn.answers().has(q.getKey()))) {
            return ask(turn, round, seal);
        }
        return round + 1 < rounds.size() ? ask(turn, round + 1, seal) : say(turn, asked);
    }

    private Step ask(Turn turn, int round, SealedState seal) {
        Optional<String> state =
                isStateful ? Optional.of(seal.seal(name + ":" + round)) : Optional.empty();
        return new Step.Ask(new Outcome.Asks(questions(turn, round), state));
    }

    private ObjectNode questions(Turn turn, int round) {
        var questions = new Template(rounds.get(round)).filledWith(turn.arguments());
        if (isOptional) {
            questions.removeIf(request -> !turn.declares(Capability.of(request)));
        }
        return questions;
    }

    private Step say(Turn turn, ObjectNode asked) {
        return new Step.Say(
                asked.propertyStream()
                        .map(question -> told(turn.answers().path(question.getKey())))
                        .collect(Collectors.joining("; ", says, "")));
    }

    private static String told(JsonNode answer) {
        if (answer.has("action")) {
            return "action=" + answer.path("action").asString() + ", content=" + content(answer);
        }
        if (answer.has("roots")) {
            return "roots=" + answer.path("roots");
        }
        return answer.path("content").path("text").asString(content(answer));
    }

    private static String content(JsonNode answer) {
        return answer.has("content") ? answer.path("content").toString() : "{}";
    }
}
