package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the model answered and how the calls ended, round by round. Whoever goes on with a run walks
 * through it first: nothing that is in here is asked or called again, and the same answer comes
 * out. Written by the run's thread, and once that has ended by whoever waits for its last call.
 */
final class Journal {
    /** What is kept of one run. */
    static final int MAX_BYTES = 512 * 1024;

    private static final String UNSENT = "unsent";

    private final Completion completion;
    private final ArrayNode rounds = JsonNodeFactory.instance.arrayNode();
    private final Set<String> warnings = new LinkedHashSet<>();
    private int walked;
    private Optional<Future<CallReport>> last = Optional.empty();

    private Journal(Completion completion) {
        this.completion = completion;
    }

    static Journal of(Completion completion) {
        return new Journal(completion);
    }

    /** That of the run so far, as {@link #bytes} wrote it. */
    static Journal read(byte[] bytes, String model) throws MalformedJson {
        var tree = StrictJson.read(bytes);
        var completion =
                new Completion(Members.text(tree, "id"), tree.path("created").asLong(), model);
        var journal = of(completion);
        for (var round : Members.elements(tree, "rounds")) {
            journal.rounds.add(readRound((ObjectNode) round));
        }
        Members.elements(tree, "warnings")
                .forEach(it -> Members.textOf(it).ifPresent(journal.warnings::add));
        return journal;
    }

    /** The answer is text in there: it may be as deep as any JSON from outside. */
    private static ObjectNode readRound(ObjectNode written) throws MalformedJson {
        var answer = Members.text(written, "answer").getBytes(StandardCharsets.UTF_8);
        written.set("answer", StrictJson.read(answer));
        return written;
    }

    private static ObjectNode written(JsonNode round) {
        var written = JsonNodeFactory.instance.objectNode();
        written.put("answer", JsonText.text(round.path("answer")));
        written.put("limit", Members.text(round, "limit"));
        written.set("calls", round.path("calls"));
        return written;
    }

    Completion completion() {
        return completion;
    }

    /** Whether the model has not answered anything yet. */
    boolean isEmpty() {
        return rounds.isEmpty();
    }

    /** Whether a call of it may have changed something. */
    boolean hasEffects() {
        return Members.stream(rounds)
                .flatMap(it -> it.path("calls").valueStream())
                .anyMatch(it -> Members.isTrue(it, "effects"));
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    /** The limit under which the next round was asked as the last one; empty if it was not. */
    String limit() {
        return Members.text(rounds.path(walked), "limit");
    }

    /** The next round, if the model has answered it already. */
    Optional<Round> next() {
        if (walked == rounds.size()) {
            return Optional.empty();
        }
        var answer = rounds.path(walked++).path("answer");
        return Optional.of(Round.read((ObjectNode) answer));
    }

    /**
     * The model has answered.
     *
     * @param limit under which it was asked for a last time, or empty
     */
    void add(Round round, String limit) {
        var entry = rounds.addObject();
        entry.set("answer", round.envelope());
        entry.put("limit", limit);
        entry.putObject("calls");
        walked++;
    }

    /** How a call of the current round ended, if it did already. */
    Optional<CallReport> report(RequestedCall call) {
        return Members.object(calls(), call.id())
                .filter(it -> !it.has(UNSENT))
                .map(it -> CallReport.read(call, it));
    }

    /** How often a call of the current round was recorded, but not sent. */
    int unsent(RequestedCall call) {
        return calls().path(call.id()).path(UNSENT).asInt(0);
    }

    void addUnsent(RequestedCall call) {
        var times = unsent(call) + 1;
        calls().putObject(call.id()).put(UNSENT, times);
    }

    void add(CallReport report) {
        calls().set(report.call().id(), report.tree());
    }

    private ObjectNode calls() {
        return (ObjectNode) rounds.path(walked - 1).path("calls");
    }

    /** The run has ended while this call is under way; what it does will be known. */
    void leave(Future<CallReport> call) {
        last = Optional.of(call);
    }

    boolean isLeft() {
        return last.isPresent();
    }

    /**
     * Waits for the call that is under way, which ends by itself.
     *
     * @return its report, or empty if it was not begun
     */
    Optional<CallReport> awaitLast() throws InterruptedException {
        if (last.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(last.get().get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                return Optional.empty();
            }
            throw new IllegalStateException("a gate call failed", e.getCause());
        }
    }

    /** To be sealed; empty if it is too much to be kept. */
    Optional<byte[]> bytes() {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.put("id", completion.id());
        tree.put("created", completion.created());
        warnings.forEach(tree.putArray("warnings")::add);
        var all = tree.putArray("rounds");
        rounds.forEach(it -> all.add(written(it)));
        var bytes = JsonText.write(tree);
        return bytes.length <= MAX_BYTES ? Optional.of(bytes) : Optional.empty();
    }
}
