package io.sallyport.recording;

import io.sallyport.policy.Principal;
import java.util.concurrent.CompletableFuture;

/** The records of chat runs; tool calls inside them are the gate's. */
public interface RunRecords {
    /**
     * Writes {@code chat.request}. Completes with true once it is durable and with false if it
     * cannot be written: then the run must not start, or its answer must be withheld.
     */
    CompletableFuture<Boolean> started(RunStart start);

    /** Writes {@code chat.response}; completes like {@link #started}. */
    CompletableFuture<Boolean> finished(RunStart start, RunEnd end);

    /**
     * @param run id of the run, {@code run_…}
     * @param governed whether server tools are in play
     * @param attempt id of this request's part of a run that another one has started; empty for the
     *     first
     */
    record RunStart(
            Principal principal,
            String run,
            String model,
            String requestId,
            boolean stream,
            boolean governed,
            String attempt) {
        /** Whether another request has started the run. */
        public boolean repeats() {
            return !attempt.isEmpty();
        }
    }

    /**
     * @param status {@code ok}, {@code limit}, {@code approval_required}, {@code failed}, {@code
     *     client_gone}, {@code timeout} or {@code stopped}
     * @param cause the code of the error that it failed with, otherwise empty
     * @param promptTokens −1 where the provider gave none
     * @param completionTokens −1 where the provider gave none
     */
    record RunEnd(
            String status,
            String cause,
            int rounds,
            int calls,
            long promptTokens,
            long completionTokens,
            long micros) {}
}
