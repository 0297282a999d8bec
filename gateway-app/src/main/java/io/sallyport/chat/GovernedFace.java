package io.sallyport.chat;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.BlockingFlux;
import io.sallyport.bridge.ComputePool;
import io.sallyport.bridge.Producer;
import io.sallyport.bridge.Producer.Emitter;
import io.sallyport.catalog.JsonText;
import io.sallyport.chat.StreamedRounds.ClientStream;
import io.sallyport.error.Reason;
import io.sallyport.gate.RunRecords;
import io.sallyport.gate.RunRecords.RunEnd;
import io.sallyport.gate.UnderWay;
import io.sallyport.gate.Workers;
import io.sallyport.policy.Principal;
import io.sallyport.upstream.ModelProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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
    private final Clock clock;

    GovernedFace(Ports ports, ToolRunner tools) {
        provider = ports.provider();
        records = ports.records();
        workers = ports.workers();
        underWay = ports.underWay();
        clock = ports.clock();
        this.tools = tools;
    }

    /** What runs need from outside. */
    record Ports(
            ModelProvider provider,
            RunRecords records,
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
        var run = begin(call, plan);
        if (plan.request().stream()) {
            return Answers.stream(call, made(run, frames -> stream(run, frames)));
        }
        return made(run, body -> body.emit(whole(run)))
                .single()
                .flatMap(body -> Answers.json(call, body));
    }

    /**
     * What the run makes; its time, its client's leaving, a stop of the gateway and one of whoever
     * asked each end it.
     */
    private Flux<byte[]> made(Run run, Producer<byte[]> producer) {
        return Cut.off(BlockingFlux.from(workers.threads(), limit(run), producer), stop(run))
                .onErrorMap(failure -> cutShort(run, failure));
    }

    /** The ledger knows of it before the run is interrupted. */
    private <T> Mono<T> stop(Run run) {
        return underWay.<T>failOnStop(run.call().caller().principal())
                .doOnError(_ -> run.ledger().stop());
    }

    /** The run's own limit is for asking and calling; what is left then is for the last answer. */
    private static Duration limit(Run run) {
        return run.setup().limits().runTimeout().plus(ModelLine.GRACE);
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

    private record Run(ChatCall call, RunSetup setup, Completion completion) {
        RunLedger ledger() {
            return setup.ledger();
        }
    }

    private Run begin(ChatCall call, Plan.Governed plan) {
        var deadline = clock.instant().plus(plan.model().limits().runTimeout());
        var target = plan.model().targets().getFirst();
        var tenant = call.caller().key().tenant();
        var line = new ModelLine(provider, tenant, target, clock, deadline, call.room());
        var setup = RunSetup.of(plan, call.caller(), call.start(plan), line);
        var completion =
                new Completion(
                        Ids.mint("chatcmpl-"),
                        clock.instant().getEpochSecond(),
                        plan.request().model());
        return new Run(call, setup, completion);
    }

    private byte[] whole(Run run) throws InterruptedException {
        var rounds = new WholeRounds(run.setup().line(), started(run));
        var answer = loop(run, rounds);
        requireEnded(run);
        return JsonText.write(run.completion().body(answer, run.ledger()));
    }

    private void stream(Run run, Emitter<byte[]> frames) throws InterruptedException {
        var request = run.setup().plan().request();
        var chunks = run.completion().chunks();
        var text = new VisibleText(request.wantsJson());
        var client = new ClientStream(frames, chunks, run.setup().offer(), text);
        var rounds = new StreamedRounds(run.setup().line(), started(run), client);
        var answer = loop(run, rounds);
        requireEnded(run);
        client.emit(chunks.finish(answer.finish(), run.ledger().report()));
        var usage = run.ledger().usage().tree();
        if (request.includeUsage() && usage.isPresent()) {
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
            end(run, interruptedBy(run), "");
            throw e;
        } catch (RuntimeException e) {
            end(run, "failed", ChatFailure.errorOf(e).code());
            throw afterEffects(run, e);
        } catch (Error e) {
            end(run, "failed", Reason.INTERNAL_ERROR.code());
            throw e;
        }
    }

    private String interruptedBy(Run run) {
        if (workers.threads().isShutdown() || run.ledger().isStopped()) {
            return "stopped";
        }
        var limit = TimeUnit.NANOSECONDS.toMicros(limit(run).toNanos());
        return run.call().micros() >= limit ? "timeout" : "client_gone";
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
            return failure;
        }
        Answers.errorOf(run.call(), failure); // logged here, because only the effect is answered
        return failedAfterEffects(run);
    }

    private static ChatFailure failedAfterEffects(Run run) {
        return new ChatFailure(ChatError.afterSideEffects(run.setup().start().run()));
    }

    /** Starts to write the record at once; completes when it is durable, fails if it cannot be. */
    private Mono<Boolean> end(Run run, String status, String cause) {
        var ledger = run.ledger();
        var usage = ledger.usage();
        var end =
                new RunEnd(
                        status,
                        cause,
                        ledger.rounds(),
                        ledger.admission().calls(),
                        usage.tokensOrUnknown("prompt_tokens"),
                        usage.tokensOrUnknown("completion_tokens"),
                        run.call().micros());
        return Started.durable(records.finished(run.setup().start(), end));
    }
}
