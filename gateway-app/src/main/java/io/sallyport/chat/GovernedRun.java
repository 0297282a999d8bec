package io.sallyport.chat;

import io.sallyport.policy.ToolRef;
import io.sallyport.provider.ModelFailure;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tool loop of one run: ask the model, run what it asks for through the gate, tell it the
 * results, ask again. Plain blocking code for a virtual thread of its own.
 *
 * <p>Only calls of the round that the model has just answered are ever made; tool calls in the
 * history that a client sends are words.
 *
 * <p>In a turn that mixes server and client calls the server's run now and the client gets its own;
 * the state of such a turn is not kept yet, so the client's follow-up goes on from the history that
 * the client itself has, which does not show the server calls.
 */
final class GovernedRun {
    /** So many tools of one request that the provider refuses are left out, one after the other. */
    private static final int MAX_REFUSALS = 8;

    private static final List<String> TOKEN_BUDGETS =
            List.of("max_completion_tokens", "max_tokens");

    private final RunSetup setup;
    private final RunLedger ledger;
    private final Journal journal;
    private final ToolRunner tools;
    private final RoundSource rounds;
    private final ObjectNode body;

    GovernedRun(RunSetup setup, ToolRunner tools, RoundSource rounds) {
        this.setup = setup;
        this.tools = tools;
        this.rounds = rounds;
        ledger = setup.ledger();
        journal = setup.journal();
        body = setup.plan().request().body();
    }

    /** Runs to its end, which is always an answer of the model. */
    RunAnswer run() throws InterruptedException {
        for (int number = 1; number <= setup.limits().rounds(); number++) {
            if (!journal.limit().isEmpty()) {
                return lastAnswer(journal.limit());
            }
            var round = next("");
            var turn = Turn.of(round, setup.offer());
            execute(round, turn);
            if (turn.endsRun()) {
                return RunAnswer.of(round, text(round), turn);
            }
            var limit = reachedLimit(round);
            if (limit.isPresent()) {
                return atLimit(limit.get(), round);
            }
            ToolChoice.relax(body);
        }
        return lastAnswer("max_rounds");
    }

    /**
     * A run that was ended meanwhile asks nothing more.
     *
     * @param limit under which this is the last answer, or empty
     */
    private Round next(String limit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        var known = journal.next();
        if (known.isPresent()) {
            rounds.show(known.get(), !limit.isEmpty());
            ledger.remember(known.get());
            return known.get();
        }
        var round = asked(!limit.isEmpty());
        ledger.add(round);
        journal.add(round, limit);
        return round;
    }

    /** One tool that the provider refuses must not cost the whole request. */
    private Round asked(boolean last) throws InterruptedException {
        for (int refusals = 0; ; refusals++) {
            try {
                return rounds.next(body, last);
            } catch (ModelFailure failure) {
                var tool = RefusedTool.nameIn(failure, body, setup.offer());
                if (tool.isEmpty() || refusals == MAX_REFUSALS) {
                    throw failure;
                }
                leaveOut(tool.get(), failure);
            }
        }
    }

    private void leaveOut(String alias, ModelFailure failure) {
        RefusedTool.remove(alias, body);
        var tool = setup.offer().ref(alias).map(ToolRef::toString).orElse(alias);
        ledger.warn("tool_left_out: " + tool);
        journal.warn("tool_left_out: " + tool);
        Failures.logLeftOut(setup.caller().requestId(), tool, failure);
    }

    private String text(Round last) {
        return ledger.text(setup.plan().request().wantsJson(), last);
    }

    private void execute(Round round, Turn turn) throws InterruptedException {
        if (turn.server().isEmpty()) {
            return;
        }
        var messages = (ArrayNode) body.path("messages");
        messages.add(round.message().deepCopy());
        ledger.admission().beginRound();
        for (var report : tools.run(setup, turn.server(), rounds::keepAlive)) {
            messages.add(ToolMessages.message(report.call(), report.text()));
        }
        setup.claim().endRound();
    }

    /** The first limit that does not allow another ordinary round. */
    private Optional<String> reachedLimit(Round round) {
        if (!chargeTokens(round)) {
            return Optional.of("max_completion_tokens");
        }
        if (setup.line().isOver()) {
            return Optional.of("run_timeout");
        }
        if (ledger.admission().isUsedUp()) {
            return Optional.of("max_tool_calls");
        }
        return ledger.results().isUsedUp() ? Optional.of("result_bytes") : Optional.empty();
    }

    /** One budget over all rounds; false once it is spent. */
    private boolean chargeTokens(Round round) {
        var spent = Math.max(0, round.usage().map(Usage::of).orElse(Usage.UNKNOWN).completion());
        for (var budget : TOKEN_BUDGETS) {
            if (canBeSpent(body.path(budget))) {
                body.put(budget, body.path(budget).asLong() - spent);
            }
        }
        return TOKEN_BUDGETS.stream()
                .map(body::path)
                .filter(GovernedRun::canBeSpent)
                .allMatch(it -> it.asLong() > 0);
    }

    /** One of more than 64 bits is left as the client wrote it. */
    private static boolean canBeSpent(JsonNode budget) {
        return budget.isIntegralNumber() && budget.canConvertToLong();
    }

    private RunAnswer atLimit(String limit, Round round) throws InterruptedException {
        if (limit.equals("max_completion_tokens")) {
            ledger.reached(limit); // no token is left for a last answer
            return RunAnswer.cutOff(round, text(round));
        }
        return lastAnswer(limit);
    }

    private RunAnswer lastAnswer(String limit) throws InterruptedException {
        ledger.reached(limit);
        ToolChoice.forbid(body);
        var round = next(limit);
        return RunAnswer.cutOff(round, text(round));
    }
}
