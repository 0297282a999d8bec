package io.sallyport.chat;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.BlockingFlux;
import io.sallyport.bridge.ComputePool;
import io.sallyport.bridge.Producer;
import io.sallyport.bridge.Producer.Emitter;
import io.sallyport.catalog.JsonText;
import io.sallyport.chat.Repeats.Beginning;
import io.sallyport.chat.StreamedRounds.ClientStream;
import io.sallyport.error.Reason;
import io.sallyport.gate.RunRecords;
import io.sallyport.gate.RunRecords.RunEnd;
import io.sallyport.gate.UnderWay;
import io.sallyport.gate.Workers;
import io.sallyport.policy.Principal;
import io.sallyport.upstream.ModelProvider;
import java.time.Clock;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Requests with server tools: one run, one virtual thread, one completion. The client's leaving
 * interrupts that thread.
 */
final class GovernedFace {
    private final ModelProvider provider;
    private final RunRecords records;
    private final ToolRunner tools;
    private final Workers workers;
    private final UnderWay underWay;
    private final ComputePool compute;
    private final Clock clock;
    private final Repeats repeats;

    GovernedFace(Ports ports, ToolRunner tools, Repeats repeats) {
        provider = ports.provider();
        records = ports.records();
        workers = ports.workers();
        underWay = ports.underWay();
        compute = ports.compute();
        clock = ports.clock();
        this.tools = tools;
        this.repeats = repeats;
    }

    /** What runs need from outside. */
    record Ports(
            ModelProvider provider,
            RunRecords records,
            Claims claims,
            Workers workers,
            UnderWay underWay,
            ComputePool compute,
            Clock clock) {
        /** Fails, and says why, once what the principal does must end; never completes. */
        <T> Mono<T> end(Principal principal) {
            return Mono.firstWithSignal(
                    underWay.failOnStop(principal), workers.cutOff().then(Mono.never()));
        }
    }

    Mono<ServerResponse> answer(ChatCall call, Plan.Governed plan) {
        return repeats.beginning(call, plan).flatMap(it -> answer(begin(it, plan)));
    }

    private Mono<ServerResponse> answer(Run run) {
        var call = run.call();
        if (run.setup().plan().request().stream()) {
            var frames = made(run, it -> stream(run, it));
            return Answers.stream(call, frames, whole -> written(run, whole));
        }
        return made(run, body -> whole(run, body))
                .single()
                .flatMap(body -> Answers.json(call, body, whole -> written(run, whole)));
    }

    /** Event loops tell it, and they never wait. */
    private void written(Run run, boolean whole) {
        if (run.claim().isHeld()) {
            whileRunning(() -> run.claim().written(whole));
        }
    }

    /** A gateway that stops leaves its claims as they are: others see that it has gone. */
    private void whileRunning(Runnable work) {
        try {
            workers.threads().execute(work);
        } catch (RejectedExecutionException _) {
            Failures.logStopping();
        }
    }

    /**
     * What the run makes; its time, its client's leaving, a stop of the gateway and one of whoever
     * asked each end it.
     */
    private Flux<byte[]> made(Run run, Producer<byte[]> producer) {
        var limit = run.setup().plan().limit();
        return Cut.off(BlockingFlux.from(workers.threads(), limit, producer), stop(run))
                .onErrorMap(failure -> cutShort(run, failure));
    }

    /** The ledger knows of it before the run is interrupted. */
    private <T> Mono<T> stop(Run run) {
        return underWay.<T>failOnStop(run.call().caller().principal())
                .doOnError(_ -> run.ledger().stop());
    }

    /** A run that was ended from outside may have begun what cannot be seen any more. */
    private static Throwable cutShort(Run run, Throwable failure) {
        var outside =
                switch (failure) {
                    case TimeoutException _, InterruptedException _, UnderWay.Stopped _ -> true;
                    case Throwable _ -> false;
                };
        return outside && run.ledger().mayHaveSideEffects() ? failedAfterEffects(run) : failure;
    }

    /**
     * @param begun {@link System#nanoTime} when it began, which a repetition may have waited for
     */
    private record Run(ChatCall call, RunSetup setup, long begun) {
        RunLedger ledger() {
            return setup.ledger();
        }

        Claim claim() {
            return setup.claim();
        }

        Completion completion() {
            return setup.journal().completion();
        }
    }

    private Run begin(Beginning beginning, Plan.Governed plan) {
        var call = beginning.call();
        var deadline = clock.instant().plus(plan.model().limits().runTimeout());
        var target = plan.model().targets().getFirst();
        var tenant = call.caller().key().tenant();
        var line = new ModelLine(provider, tenant, target, clock, deadline, call.room());
        var start = call.start(plan);
        var setup = RunSetup.of(plan, call.caller(), start, line, beginning.claim());
        return new Run(call, setup, System.nanoTime());
    }

    private void whole(Run run, Emitter<byte[]> body) throws InterruptedException {
        var rounds = new WholeRounds(run.setup().line(), started(run));
        var answer = loop(run, rounds);
        requireEnded(run);
        var bytes = JsonText.write(run.completion().body(answer, run.ledger()));
        show(run, () -> body.emit(bytes));
    }

    private interface Showing {
        void show() throws InterruptedException;
    }

    /** From here on a client that leaves has missed an answer that there is. */
    private static void show(Run run, Showing answer) throws InterruptedException {
        run.claim().answer();
        try {
            answer.show();
        } catch (InterruptedException e) {
            run.claim().written(false);
            throw e;
        }
    }

    private void stream(Run run, Emitter<byte[]> frames) throws InterruptedException {
        var request = run.setup().plan().request();
        var chunks = run.completion().chunks();
        var text = new VisibleText(request.wantsJson());
        var client = new ClientStream(frames, chunks, run.setup().offer(), text);
        var rounds = new StreamedRounds(run.setup().line(), started(run), client, compute);
        var answer = loop(run, rounds);
        requireEnded(run);
        show(run, () -> finish(run, client, answer.finish()));
    }

    private static void finish(Run run, ClientStream client, String reason)
            throws InterruptedException {
        var chunks = client.chunks();
        client.emit(chunks.finish(reason, run.ledger().report()));
        var usage = run.ledger().usage().tree();
        if (run.setup().plan().request().includeUsage() && usage.isPresent()) {
            client.emit(chunks.usage(usage.get()));
        }
        client.emit(chunks.done());
    }

    private Started started(Run run) {
        return new Started(records.started(run.setup().start()));
    }

    private RunAnswer loop(Run run, RoundSource rounds) throws InterruptedException {
        try {
            return new GovernedRun(run.setup(), tools, rounds).run();
        } catch (InterruptedException e) {
            var status = interruptedBy(run);
            end(run, status, "");
            leave(run, status);
            throw e;
        } catch (RuntimeException e) {
            end(run, "failed", ChatFailure.errorOf(e).code());
            throw afterEffects(run, e);
        } catch (Error e) {
            end(run, "failed", Reason.INTERNAL_ERROR.code());
            run.claim().fail(run.ledger().mayHaveSideEffects());
            throw e;
        }
    }

    /** A run that nobody waits for any more can be gone on with; one that was ended cannot. */
    private void leave(Run run, String status) {
        var underWay = run.setup().journal().isLeft();
        if (status.equals("timeout") || run.ledger().isStopped()) {
            run.claim().fail(underWay);
        } else if (!underWay) {
            run.claim().leave();
        } else if (run.claim().isHeld()) {
            whileRunning(() -> leaveAfterLast(run));
        }
    }

    /** What the last call does belongs to the run, although nobody waits for it. */
    private void leaveAfterLast(Run run) {
        try {
            tools.awaitLast(run.setup());
            run.claim().leave();
        } catch (InterruptedException _) {
            Failures.logStopping(); // the claim says that a tool may be running
        } catch (RuntimeException e) {
            Failures.log(run.call().caller().requestId(), e);
            run.claim().fail(true);
        }
    }

    private String interruptedBy(Run run) {
        if (workers.threads().isShutdown() || run.ledger().isStopped()) {
            return "stopped";
        }
        var spent = System.nanoTime() - run.begun();
        return spent >= run.setup().plan().limit().toNanos() ? "timeout" : "client_gone";
    }

    /** The answer is withheld if its record cannot be written. */
    private void requireEnded(Run run) throws InterruptedException {
        try {
            Await.one(end(run, run.ledger().status(), ""));
        } catch (ChatFailure e) {
            throw afterEffects(run, e);
        }
    }

    /** Clients repeat what looks like an outage; a run that may have changed something must not. */
    private static RuntimeException afterEffects(Run run, RuntimeException failure) {
        if (!run.ledger().hasSideEffects()) {
            run.claim().leave();
            return failure;
        }
        run.claim().fail(true);
        Answers.errorOf(run.call(), failure); // logged here, because only the effect is answered
        return failedAfterEffects(run);
    }

    private static ChatFailure failedAfterEffects(Run run) {
        return new ChatFailure(ChatError.afterSideEffects(run.setup().start().run()));
    }

    /** Starts to write the record at once; completes when it is durable, fails if it cannot be. */
    private Mono<Boolean> end(Run run, String status, String cause) {
        var ledger = run.ledger();
        var spent = ledger.spent();
        var end =
                new RunEnd(
                        status,
                        cause,
                        ledger.newRounds(),
                        ledger.newCalls(),
                        spent.tokensOrUnknown("prompt_tokens"),
                        spent.tokensOrUnknown("completion_tokens"),
                        run.call().micros());
        return Started.durable(records.finished(run.setup().start(), end));
    }
}
