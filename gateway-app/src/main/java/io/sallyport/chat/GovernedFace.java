package io.sallyport.chat;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.BlockingFlux;
import io.sallyport.bridge.Producer.Emitter;
import io.sallyport.catalog.JsonText;
import io.sallyport.chat.StreamedRounds.ClientStream;
import io.sallyport.gate.RunRecords;
import io.sallyport.gate.RunRecords.RunEnd;
import io.sallyport.upstream.ModelProvider;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Requests with server tools: one run, one virtual thread, one completion. The client's leaving
 * interrupts that thread.
 */
final class GovernedFace {
    private final ModelProvider provider;
    private final RunRecords records;
    private final ToolRunner tools;
    private final ExecutorService threads;
    private final Clock clock;

    GovernedFace(Ports ports, ToolRunner tools) {
        provider = ports.provider();
        records = ports.records();
        threads = ports.threads();
        clock = ports.clock();
        this.tools = tools;
    }

    /** What runs need from outside. */
    record Ports(
            ModelProvider provider, RunRecords records, ExecutorService threads, Clock clock) {}

    Mono<ServerResponse> answer(ChatCall call, Plan.Governed plan) {
        var run = begin(call, plan);
        if (plan.request().stream()) {
            var frames = BlockingFlux.<byte[]>from(threads, frame -> stream(run, frame));
            return Answers.stream(call, frames);
        }
        return BlockingFlux.<byte[]>from(threads, body -> body.emit(whole(run)))
                .single()
                .flatMap(body -> Answers.json(call, body));
    }

    private record Run(ChatCall call, RunSetup setup, Completion completion) {
        RunLedger ledger() {
            return setup.ledger();
        }
    }

    private Run begin(ChatCall call, Plan.Governed plan) {
        var deadline = clock.instant().plus(plan.model().limits().runTimeout());
        var target = plan.model().targets().getFirst();
        var line = new ModelLine(provider, call.caller().key().tenant(), target, clock, deadline);
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
            end(run, "client_gone");
            throw e;
        } catch (RuntimeException e) {
            end(run, "failed");
            throw afterEffects(run, e);
        }
    }

    /** The answer is withheld if its record cannot be written. */
    private void requireEnded(Run run) throws InterruptedException {
        try {
            Await.one(end(run, run.ledger().status()));
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
        return new ChatFailure(ChatError.afterSideEffects(run.setup().start().run()));
    }

    /** Starts to write the record at once; completes when it is durable, fails if it cannot be. */
    private Mono<Boolean> end(Run run, String status) {
        var ledger = run.ledger();
        var usage = ledger.usage();
        var end =
                new RunEnd(
                        status,
                        ledger.rounds(),
                        ledger.admission().calls(),
                        usage.tokensOrUnknown("prompt_tokens"),
                        usage.tokensOrUnknown("completion_tokens"),
                        run.call().micros());
        return Started.durable(records.finished(run.setup().start(), end));
    }
}
