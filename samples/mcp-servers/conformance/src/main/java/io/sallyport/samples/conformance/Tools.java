package io.sallyport.samples.conformance;

import io.sallyport.samples.conformance.Changes.Change;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools: most are written down in {@code tools.json}, some do something meanwhile. */
final class Tools {

    /** Between two notifications, so that they are seen to arrive one by one. */
    private static final long PAUSE_MS = 50;

    private final JsonNode written;
    private final Interviews interviews;
    private final Changes changes;
    private final Map<String, Behaviour> behaviours = new HashMap<>();

    Tools(JsonNode written, Interviews interviews, Changes changes) {
        this.written = written;
        this.interviews = interviews;
        this.changes = changes;
        behaviours.put("test_tool_with_logging", Tools::logThrice);
        behaviours.put("test_logging_tool", Tools::logOnce);
        behaviours.put("test_tool_with_progress", Tools::progress);
        behaviours.put("test_streaming_elicitation", this::streamAndAsk);
        behaviours.put("test_missing_capability", Tools::needSampling);
        behaviours.put("test_reconnection", Tools::disconnect);
        behaviours.put("test_trigger_tool_change", turn -> change("tools/list_changed"));
        behaviours.put("test_trigger_prompt_change", turn -> change("prompts/list_changed"));
        behaviours.put("test_trigger_resource_change", turn -> changeResource());
    }

    /** What a tool does in one turn. */
    @FunctionalInterface
    private interface Behaviour {

        Outcome answer(Turn turn) throws InterruptedException;
    }

    JsonNode listed() {
        return written.path("listed");
    }

    Outcome call(Turn turn) throws InterruptedException {
        var name = turn.name();
        var behaviour = Optional.ofNullable(behaviours.get(name));
        if (behaviour.isPresent()) {
            return behaviour.get().answer(turn);
        }
        if (written.path("results").has(name)) {
            return new Outcome.Done(
                    new Template(written.path("results").path(name)).filledWith(turn.arguments()));
        }
        return interviews
                .named(name)
                .filter(asking -> isListed(name))
                .map(asking -> interviews.next(asking, turn, Texts::content))
                .orElseGet(() -> new Outcome.Invalid("Unknown tool: " + name));
    }

    private boolean isListed(String name) {
        return listed().valueStream().anyMatch(tool -> tool.path("name").asString().equals(name));
    }

    private static Outcome logThrice(Turn turn) throws InterruptedException {
        turn.notices().log("info", "Tool execution started");
        Thread.sleep(PAUSE_MS);
        turn.notices().log("info", "Tool processing data");
        Thread.sleep(PAUSE_MS);
        turn.notices().log("info", "Tool execution completed");
        return done("Logged three times.");
    }

    private static Outcome logOnce(Turn turn) {
        turn.notices().log("info", "Tool execution started");
        return done("Logged once.");
    }

    private static Outcome progress(Turn turn) throws InterruptedException {
        turn.notices().progress(0, 100);
        Thread.sleep(PAUSE_MS);
        turn.notices().progress(50, 100);
        Thread.sleep(PAUSE_MS);
        turn.notices().progress(100, 100);
        return done("Reported progress three times.");
    }

    private Outcome streamAndAsk(Turn turn) {
        if (!turn.declares("elicitation")) {
            return done("There is nobody to ask.");
        }
        if (turn.answers().isEmpty()) {
            turn.notices().progress(50, 100);
        }
        return interviews
                .named(turn.name())
                .map(asking -> interviews.next(asking, turn, Texts::content))
                .orElseThrow();
    }

    private static Outcome needSampling(Turn turn) {
        return turn.declares("sampling")
                ? done("The client offers sampling.")
                : new Outcome.Lacks("sampling");
    }

    private static Outcome disconnect(Turn turn) throws InterruptedException {
        turn.notices().disconnect();
        Thread.sleep(PAUSE_MS);
        return done("Reconnection test completed successfully.");
    }

    private Outcome change(String what) {
        changes.tell(new Change("notifications/" + what, Optional.empty()));
        return done("Told everyone who listens.");
    }

    private Outcome changeResource() {
        var uri = Optional.of("test://watched-resource");
        changes.tell(new Change("notifications/resources/updated", uri));
        return done("Told everyone who watches it.");
    }

    private static Outcome done(String text) {
        ObjectNode result = Texts.content(text);
        return new Outcome.Done(result);
    }
}
