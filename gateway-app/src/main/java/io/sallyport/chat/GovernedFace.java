package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import io.sallyport.chat.Repeats.Beginning;
import io.sallyport.chat.RunLedger.End;
import io.sallyport.chat.StreamedRounds.ClientStream;
import io.sallyport.error.Reason;
import io.sallyport.gate.UnderWay;
import io.sallyport.gate.Workers;
import io.sallyport.policy.Principal;
import io.sallyport.provider.ModelProvider;
import io.sallyport.recording.RunRecords;
import io.sallyport.recording.RunRecords.RunEnd;
import io.sallyport.threads.Await;
import io.sallyport.threads.BlockingFlux;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.Deadlines;
import io.sallyport.threads.Producer;
import io.sallyport.threads.Producer.Emitter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

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
        return Answers.writing(call, () -> written(call, plan));
    }

    /** Whoever leaves between two steps leaves what it was given. */
    private Mono<Void> written(ChatCall call, Plan.Governed plan) {
        var given = new AtomicReference<Optional<Claim>>(Optional.empty());
        return repeats.beginning(call, plan, it -> given.set(Optional.of(it)))
                .flatMap(it -> written(begin(it, plan)))
                .doFinally(_ -> given.get().ifPresent(it -> whileRunning(it::giveUp)));
    }

    private Mono<Void> written(Run run) {
        return answer(run).doFinally(it -> ended(run, it == SignalType.ON_COMPLETE));
    }

    private Mono<Void> answer(Run run) {
        var call = run.call();
        return run.setup().plan().request().stream()
                ? Answers.writeStream(call, made(run, it -> stream(run, it)))
                : made(run, it -> whole(run, it))
                        .single()
                        .flatMap(body -> Answers.write(call, body));
    }

    /** Event loops tell it, and they never wait. An error was written too, but is no answer. */
    private void ended(Run run, boolean written) {
        var claim = run.claim();
        var whole = written && claim.isAnswered();
        if (whole) {
            repeats.answered(run.call());
        }
        if (claim.isHeld()) {
            whileRunning(() -> claim.written(whole));
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
     * asked each end it, and the first of them is the one that everybody is told of.
     */
    private Flux<byte[]> made(Run run, Producer<byte[]> producer) {
        var made = BlockingFlux.<byte[]>from(workers.threads(), it -> produce(run, producer, it));
        return Cut.off(made, cut(run))
                .doOnCancel(() -> run.ledger().end(End.LEFT))
                .onErrorMap(failure -> told(run, failure))
                .doOnError(_ -> run.claim().withdraw());
    }

    /** What breaks this process breaks on, but not before the claim has its end. */
    private static void produce(Run run, Producer<byte[]> producer, Emitter<byte[]> frames)
            throws Exception {
        run.claim().begin();
        if (run.setup().journal().hasEffects()) {
            run.ledger().rememberChange();
        }
        try {
            producer.produce(frames);
        } catch (Error e) {
            run.claim().fail(run.ledger().mayHaveSideEffects());
            throw e;
        }
    }

    /** Fails once the run has to end. An answer that is there is shown: nothing is under way. */
    private <T> Mono<T> cut(Run run) {
        var limit = run.setup().plan().limit();
        var stop = underWay.<T>failOnStop(run.call().caller().principal());
        var late = Deadlines.expiry(limit).then(Mono.<T>error(GovernedFace::late));
        return Mono.firstWithSignal(
                unlessOver(run, End.STOPPED, stop), unlessOver(run, End.TIMED_OUT, late));
    }

    private static TimeoutException late() {
        return new TimeoutException("the run's time is over");
    }

    /** The ledger knows of it before the run is interrupted. */
    private static <T> Mono<T> unlessOver(Run run, End end, Mono<T> cut) {
        return cut.onErrorResume(
                it -> run.ledger().end(end) == end ? Mono.error(it) : Mono.never());
    }

    /** Of a run that was not ended by itself nobody waits for what its last call does. */
    private static Throwable told(Run run, Throwable failure) {
        var outside =
                switch (failure) {
                    case TimeoutException _, InterruptedException _, UnderWay.Stopped _ -> true;
                    case Throwable _ -> false;
                };
        return outside && run.ledger().mayHaveSideEffects() ? failedAfterEffects(run) : failure;
    }

    private record Run(ChatCall call, RunSetup setup) {
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
        return new Run(call, setup);
    }

    private void whole(Run run, Emitter<byte[]> body) throws InterruptedException {
        var answer = loop(run, () -> new WholeRounds(run.setup().line(), started(run)));
        show(run, () -> body.emit(body(run, answer)));
    }

    private static byte[] body(Run run, RunAnswer answer) {
        return JsonText.write(run.completion().body(answer, run.ledger()));
    }

    private interface Showing {
        void show() throws InterruptedException;
    }

    /**
     * The answer is withheld if its record cannot be written. A client that leaves from here on has
     * missed an answer that there is.
     */
    private void show(Run run, Showing answer) throws InterruptedException {
        try {
            Await.one(end(run, run.ledger().status(), ""));
            run.claim().answer();
            answer.show();
        } catch (InterruptedException e) {
            missed(run);
            throw e;
        } catch (RuntimeException e) {
            throw afterEffects(run, e);
        }
    }

    /** By a client that left, which is told nothing, or because the gateway stops. */
    private void missed(Run run) {
        if (workers.threads().isShutdown()) {
            run.claim().fail(run.ledger().mayHaveSideEffects());
        } else {
            run.claim().leave();
        }
    }

    private void stream(Run run, Emitter<byte[]> frames) throws InterruptedException {
        var request = run.setup().plan().request();
        var chunks = run.completion().chunks();
        var text = new VisibleText(request.wantsJson());
        var client = new ClientStream(frames, chunks, run.setup().offer(), text);
        var line = run.setup().line();
        var answer = loop(run, () -> new StreamedRounds(line, started(run), client, compute));
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

    private StartRecord started(Run run) {
        return new StartRecord(records.started(run.setup().start()));
    }

    private RunAnswer loop(Run run, Supplier<RoundSource> rounds) throws InterruptedException {
        try {
            return unlessCut(run, new GovernedRun(run.setup(), tools, rounds.get()).run());
        } catch (InterruptedException e) {
            cutOff(run, run.ledger().end(End.CUT_OFF));
            throw e;
        } catch (RuntimeException e) {
            throw failed(run, e);
        } catch (Error e) {
            run.ledger().end(End.FAILED);
            end(run, "failed", Reason.INTERNAL_ERROR.code());
            throw e;
        }
    }

    private static RunAnswer unlessCut(Run run, RunAnswer answer) throws InterruptedException {
        if (run.ledger().end(End.ANSWERED) != End.ANSWERED) {
            throw new InterruptedException("the run has ended");
        }
        return answer;
    }

    /** What fails because the run was ended is no failure of its own. */
    private RuntimeException failed(Run run, RuntimeException failure) throws InterruptedException {
        var end = run.ledger().end(End.FAILED);
        if (end != End.FAILED) {
            cutOff(run, end);
            throw new InterruptedException("the run has ended");
        }
        end(run, "failed", ChatFailure.errorOf(failure).code());
        return afterEffects(run, failure);
    }

    /** A run that nobody waits for any more can be gone on with; one that was ended cannot. */
    private void cutOff(Run run, End end) {
        end(run, status(end), "");
        if (end != End.LEFT) {
            run.claim().fail(run.ledger().mayHaveSideEffects());
        } else if (!run.setup().journal().isLeft()) {
            run.claim().leave();
        } else if (run.claim().isHeld()) {
            whileRunning(() -> leaveAfterLast(run));
        }
    }

    private static String status(End end) {
        return switch (end) {
            case STOPPED, CUT_OFF -> "stopped";
            case TIMED_OUT -> "timeout";
            case LEFT -> "client_gone";
            case OPEN, ANSWERED, FAILED -> "failed";
        };
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
                        spent.tokensOrUnknown(Usage.PROMPT),
                        spent.tokensOrUnknown(Usage.COMPLETION),
                        run.call().micros());
        return StartRecord.durable(records.finished(run.setup().start(), end));
    }
}
