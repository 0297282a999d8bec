package io.sallyport.upstream.stdio;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.LaunchProfile;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.Oversize;
import io.sallyport.upstream.wire.AnswerTooLarge;
import io.sallyport.upstream.wire.Changes;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.Initialize;
import io.sallyport.upstream.wire.NotificationRelay;
import io.sallyport.upstream.wire.OutboundRequest;
import io.sallyport.upstream.wire.RpcMessage;
import io.sallyport.upstream.wire.SessionListeners;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One running server: a thread reads its lines, one what it logs, another writes ours. */
final class ServerProcess {
    private static final int METHOD_NOT_FOUND = -32_601;

    private static final byte[] NO_PARAMS = {'{', '}'};

    /** Whoever is told what it said before it ended keeps its other callers waiting no longer. */
    private static final Executor LAST_WORDS =
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Thread::startVirtualThread);

    /** The time that what it logged last has to come, unless others hold that stream open. */
    private static final Duration LAST_ERRORS = Duration.ofMillis(500);

    /** Others that hold its input and read nothing keep the thread that writes, and no more. */
    private static final Duration LAST_WRITE = Duration.ofSeconds(5);

    private final Process process;
    private final AtomicLong ids;
    private final InputStream output;
    private final Speech speech;
    private final Ending ending;
    private final Thread writer;
    private final Thread logReader;
    private final Unread unread = new Unread();
    private final Map<Long, Open> open = new ConcurrentHashMap<>();
    private final Sinks.Many<ServerChange> changes = Sinks.many().multicast().directBestEffort();
    private final SessionListeners listeners = new SessionListeners();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Silence silence =
            new Silence(open::keySet, () -> end(UpstreamFailure.UNREACHABLE));
    private volatile boolean hasAbandoned;
    private volatile boolean mayHaveBatches;

    private record Open(
            byte[] frame,
            OutboundRequest asked,
            NotificationRelay hearing,
            Sinks.One<UpstreamReply> reply) {
        Open(byte[] frame, OutboundRequest asked) {
            this(frame, asked, new NotificationRelay(asked), Sinks.one());
        }

        boolean isOfEverybody() {
            return asked.envelope().session().equals(Envelope.SHARED);
        }
    }

    private ServerProcess(Process process, AtomicLong ids, Speech speech) {
        this.process = process;
        this.ids = ids;
        this.output = ProgramOutput.of(process);
        this.speech = speech;
        this.ending = new Ending(process);
        this.writer = Thread.ofPlatform().daemon().name("stdio-writer").unstarted(this::write);
        this.logReader = Thread.ofPlatform().daemon().name("stdio-log").unstarted(this::readLog);
    }

    /**
     * Fails if there is no such program or directory, or if the gateway ends. The thread that
     * starts it stays as long as it lives: Linux ends a program that dies with its parent
     * (PR_SET_PDEATHSIG) when that thread ends.
     *
     * @param ids of all requests to it
     * @param speech hears what it says beside its messages
     * @param whenGone called once, when the program does not run (any more) and nothing here waits
     *     for it
     */
    static CompletableFuture<ServerProcess> start(
            LaunchProfile profile, AtomicLong ids, Speech speech, Runnable whenGone) {
        var started = new CompletableFuture<ServerProcess>();
        Thread.ofPlatform()
                .daemon()
                .name("stdio-reader")
                .start(() -> {
                    try {
                        run(profile, ids, speech, started);
                    } finally {
                        whenGone.run();
                    }
                });
        return started;
    }

    private static void run(
            LaunchProfile profile,
            AtomicLong ids,
            Speech speech,
            CompletableFuture<ServerProcess> started) {
        try {
            var server = new ServerProcess(process(profile), ids, speech);
            server.writer.start();
            server.logReader.start();
            var _ = server.process.onExit().thenRunAsync(server::leave, LAST_WORDS);
            started.complete(server);
            server.read();
            server.process.waitFor();
            var _ = server.writer.join(LAST_WRITE);
        } catch (IOException | InterruptedException _) {
            started.completeExceptionally(
                    new UpstreamException(UpstreamFailure.UNREACHABLE, false));
        } catch (Throwable e) { // an Error too: whoever asked would wait for it
            started.completeExceptionally(e);
        }
    }

    private static Process process(LaunchProfile profile) throws IOException {
        var builder = new ProcessBuilder(profile.argv()).directory(profile.cwd().toFile());
        builder.environment().clear();
        builder.environment().putAll(profile.environment());
        return builder.start();
    }

    boolean isOver() {
        return over.get();
    }

    /** Nobody waits for an answer, and nobody hears of changes. */
    boolean isIdle() {
        return open.isEmpty() && changes.currentSubscriberCount() == 0;
    }

    /** Fails when the server ends. */
    Flux<ServerChange> changes() {
        return changes.asFlux();
    }

    Mono<UpstreamReply> ask(byte[] frame, OutboundRequest asked) {
        return Mono.defer(() -> inTime(new Open(frame, asked)))
                .doOnCancel(() -> abandoned(frame, asked))
                .doFinally(_ -> ended(frame, asked));
    }

    private Mono<UpstreamReply> inTime(Open call) {
        return sent(call)
                .timeout(
                        call.hearing().patience().expiry(),
                        Mono.error(() -> late(call.frame(), call.asked())));
    }

    private EgressFailure late(byte[] frame, OutboundRequest asked) {
        return new EgressFailure.TimedOut(abandoned(frame, asked));
    }

    private Mono<UpstreamReply> sent(Open call) {
        if (!call.isOfEverybody()) {
            listeners.add(call.asked().envelope().listener());
        }
        open.put(call.asked().id(), call);
        return !over.get() && unread.offer(call.frame())
                ? call.reply().asMono()
                : Mono.error(new UpstreamException(UpstreamFailure.UNREACHABLE, false));
    }

    /** Whether the server may have seen it, which is then told. */
    private boolean abandoned(byte[] frame, OutboundRequest asked) {
        if (unread.withdraw(frame)) {
            return false;
        }
        if (open.containsKey(asked.id())) {
            hasAbandoned = true;
        }
        var params =
                "{\"requestId\":" + asked.id() + ",\"reason\":\"The caller no longer waits.\"}";
        tell(Frames.notification("notifications/cancelled", params));
        if (silence.suspected()) {
            tell(Frames.request(ids.incrementAndGet(), "ping", NO_PARAMS));
        }
        return true;
    }

    private void ended(byte[] frame, OutboundRequest asked) {
        open.remove(asked.id());
        unread.withdraw(frame);
        ending.lookSoon();
    }

    /** Nothing depends on whether it hears. */
    void tell(byte[] frame) {
        unread.offer(frame);
    }

    private void write() {
        try (var out = process.getOutputStream()) {
            while (true) {
                out.write(unread.take());
                out.write('\n');
                out.flush();
            }
        } catch (IOException _) {
            hearOut();
        } catch (InterruptedException _) {
            // it is told to end
        } finally {
            end(UpstreamFailure.UNREACHABLE); // after an Error too: nobody would write to it again
        }
    }

    private void read() {
        try (output) {
            var lines = new Lines(silence.broken(output));
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                heard(line.get());
            }
            hearOut();
        } catch (UpstreamException fault) {
            end(fault.failure());
        } catch (RuntimeException _) {
            end(UpstreamFailure.PROTOCOL_ERROR);
        } catch (IOException _) {
            end(UpstreamFailure.UNREACHABLE);
        } finally {
            close();
        }
    }

    /** It has ended: whoever hears of that may ask what it said. */
    private void hearOut() {
        try {
            logReader.join(LAST_ERRORS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void readLog() {
        try (var errors = new LogStream(process, process.getErrorStream())) {
            speech.errors().addAll(errors);
        } catch (IOException _) {
            // it has ended
        }
    }

    /** From now on it speaks that revision. */
    void speaks(String revision) {
        mayHaveBatches = Initialize.hasBatches(revision);
    }

    /** Some servers talk to people on their standard output: that is no message. */
    private void heard(byte[] line) {
        var messages = RpcMessage.each(line, false, mayHaveBatches);
        if (messages.stream().allMatch(RpcMessage.Foreign.class::isInstance)) {
            stray(line);
        }
        messages.forEach(it -> heard(it, line));
    }

    private void heard(RpcMessage message, byte[] line) {
        switch (message) {
            case RpcMessage.Response(var id, var reply) -> answered(id, reply, line);
            case RpcMessage.ServerRequest request -> requested(request);
            case RpcMessage.Notification notification -> notified(notification);
            case RpcMessage.Foreign _ -> {}
        }
    }

    private void stray(byte[] line) {
        for (byte c : line) {
            if (c < 0 || c > ' ') {
                speech.strays().add(line);
                return;
            }
        }
    }

    private void answered(long id, UpstreamReply reply, byte[] line) {
        var size = line.length;
        var call = open.remove(id);
        if (call == null) {
            return; // nobody waits any more
        }
        if (size > call.asked().maxBytes()) {
            var oversize = new Oversize(size, true, call.asked().maxBytes());
            call.reply().tryEmitError(new AnswerTooLarge(oversize));
            return;
        }
        try {
            call.hearing().requireRoom(line);
            call.reply().tryEmitValue(reply);
        } catch (UpstreamException full) {
            call.reply().tryEmitError(full);
        }
    }

    /** Nothing was declared, since nothing tells for which call a server asks. */
    private void requested(RpcMessage.ServerRequest request) {
        if (request.method().equals("ping")) {
            tell(Frames.emptyResult(request.id()));
            return;
        }
        open.values().forEach(it -> it.asked().envelope().listener().refused(request.method()));
        tell(Frames.error(request.id(), METHOD_NOT_FOUND, "Method not found"));
    }

    /** Progress names its call; a log message is for those who listen to the whole process too. */
    private void notified(RpcMessage.Notification notification) {
        Changes.of(notification).ifPresent(this::changed);
        listeners.hear(notification);
        var calls = List.copyOf(open.values());
        if (notification.method().equals("notifications/progress") || areToldOfLogs(calls)) {
            calls.forEach(it -> it.hearing().notified(notification));
        }
    }

    /**
     * Whether a log message can be of nothing but the one open call. The program may still work at
     * one that nobody waits for any more; where it is everybody's, for somebody else. Whoever
     * listens to the whole process has heard it already.
     */
    private boolean areToldOfLogs(List<Open> calls) {
        return calls.size() == 1
                && !hasAbandoned
                && !calls.getFirst().isOfEverybody()
                && !SessionListeners.reaches(calls.getFirst().asked().envelope().listener());
    }

    /** What is emitted while something else is, is lost: the end must not be. */
    private void changed(ServerChange change) {
        synchronized (changes) {
            changes.tryEmitNext(change);
        }
    }

    /** What ends it first is the reason for all. */
    private void end(UpstreamFailure failure) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        ending.begin();
        writer.interrupt();
        open.values().forEach(it -> it.reply().tryEmitError(fault(failure, it)));
        synchronized (changes) {
            changes.tryEmitError(new UpstreamException(failure, true));
        }
    }

    private UpstreamException fault(UpstreamFailure failure, Open call) {
        return new UpstreamException(failure, !unread.withdraw(call.frame()));
    }

    /** It has ended some time ago, and others may hold its output open: nobody waits for them. */
    private void leave() {
        close();
        try {
            output.close();
        } catch (IOException _) {
            // nobody reads it any more
        }
    }

    void close() {
        end(UpstreamFailure.UNREACHABLE);
    }
}
