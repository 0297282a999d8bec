package io.sallyport.acceptance;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Clients that call one tool over and over until they are told to stop. */
final class CallLoad implements AutoCloseable {
    private static final int CLIENTS = 4;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    /** One answer as the client saw it. */
    record Answer(long startedAt, Duration took, Reply reply) {
        boolean isRefused() {
            return reply.status() == 503;
        }

        boolean isCompleted() {
            return reply.status() == 200 && !reply.json().at("/result/isError").asBoolean(false);
        }

        String record() {
            return reply.json().at("/result/_meta/io.sallyport~1record").asString();
        }
    }

    static CallLoad start(AuditedGateway gateway) {
        var load = new CallLoad();
        for (int client = 0; client < CLIENTS; client++) {
            var session = gateway.client();
            load.threads.execute(() -> load.run(session));
        }
        return load;
    }

    private void run(McpSession session) {
        while (!stopping) {
            var start = System.nanoTime();
            var reply = session.call("u1__echo", "{}");
            answers.add(new Answer(start, Duration.ofNanos(System.nanoTime() - start), reply));
        }
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** The answers to calls that were begun at this time or later. */
    List<Answer> begunAfter(long nanoTime) {
        return answers.stream().filter(it -> it.startedAt() - nanoTime >= 0).toList();
    }

    long completedAfter(long nanoTime) {
        return begunAfter(nanoTime).stream().filter(Answer::isCompleted).count();
    }

    /** Waits for the last answers. */
    @Override
    public void close() {
        stopping = true;
        threads.close();
    }
}
