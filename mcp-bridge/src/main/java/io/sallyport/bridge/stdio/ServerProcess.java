package io.sallyport.bridge.stdio;

import io.sallyport.bridge.EgressFailure;
import io.sallyport.bridge.LaunchProfile;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.wire.Asked;
import io.sallyport.bridge.wire.Changes;
import io.sallyport.bridge.wire.Frames;
import io.sallyport.bridge.wire.Hearing;
import io.sallyport.bridge.wire.RpcMessage;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One running server: a thread reads its lines, another writes ours. What it logs is dropped. */
final class ServerProcess {
    private static final int METHOD_NOT_FOUND = -32_601;

    /** Lines that a server has not read yet; one that reads nothing gets no more. */
    private static final int MOST_UNREAD = 1_000;

    private final Process process;
    private final Ending ending;
    private final Thread writer;
    private final BlockingQueue<byte[]> unread = new ArrayBlockingQueue<>(MOST_UNREAD);
    private final Map<Long, Open> open = new ConcurrentHashMap<>();
    private final Sinks.Many<ServerChange> changes = Sinks.many().multicast().directBestEffort();
    private final AtomicBoolean over = new AtomicBoolean();

    private record Open(Asked asked, Hearing hearing, Sinks.One<UpstreamReply> reply) {
        Open(Asked asked) {
            this(asked, new Hearing(asked), Sinks.one());
        }
    }

    private ServerProcess(Process process) {
        this.process = process;
        this.ending = new Ending(process);
        this.writer = Thread.ofPlatform().daemon().name("stdio-writer").unstarted(this::write);
    }

    /**
     * @throws UpstreamFault if there is no such program or directory
     */
    static ServerProcess start(LaunchProfile profile) {
        var builder = new ProcessBuilder(profile.argv()).directory(profile.cwd().toFile());
        builder.environment().clear();
        builder.environment().putAll(profile.environment());
        try {
            var started = new ServerProcess(builder.redirectError(Redirect.DISCARD).start());
            started.writer.start();
            Thread.ofPlatform().daemon().name("stdio-reader").start(started::read);
            return started;
        } catch (IOException _) {
            throw new UpstreamFault(UpstreamFailure.UNREACHABLE, false);
        }
    }

    boolean isOver() {
        return over.get();
    }

    boolean isIdle() {
        return open.isEmpty();
    }

    /** Fails when the server ends. */
    Flux<ServerChange> changes() {
        return changes.asFlux();
    }

    Mono<UpstreamReply> ask(byte[] frame, Asked asked) {
        return Mono.defer(() -> sent(frame, new Open(asked)))
                .timeout(asked.deadline().remaining(), Mono.error(ServerProcess::late))
                .doOnError(EgressFailure.TimedOut.class, _ -> cancelled(asked))
                .doOnCancel(() -> cancelled(asked))
                .doFinally(_ -> open.remove(asked.id()));
    }

    private static EgressFailure late() {
        return new EgressFailure.TimedOut(true);
    }

    private Mono<UpstreamReply> sent(byte[] frame, Open call) {
        open.put(call.asked().id(), call);
        return !over.get() && unread.offer(frame)
                ? call.reply().asMono()
                : Mono.error(new UpstreamFault(UpstreamFailure.UNREACHABLE, false));
    }

    private void cancelled(Asked asked) {
        var params =
                "{\"requestId\":" + asked.id() + ",\"reason\":\"The caller no longer waits.\"}";
        tell(Frames.notification("notifications/cancelled", params));
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
        } catch (IOException | InterruptedException _) {
            end(UpstreamFailure.UNREACHABLE);
        }
    }

    private void read() {
        try (var in = process.getInputStream()) {
            var lines = new Lines(in);
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                heard(line.get());
            }
            end(UpstreamFailure.UNREACHABLE);
        } catch (UpstreamFault fault) {
            end(fault.failure());
        } catch (IOException _) {
            end(UpstreamFailure.UNREACHABLE);
        }
    }

    /** Some servers greet people on their standard output: that is no message. */
    private void heard(byte[] line) {
        if (line.length == 0 || line[0] != '{') {
            return;
        }
        switch (RpcMessage.read(line)) {
            case RpcMessage.Response(var id, var reply) -> answered(id, reply, line.length);
            case RpcMessage.ServerRequest request -> requested(request);
            case RpcMessage.Notification notification -> notified(notification);
        }
    }

    private void answered(long id, UpstreamReply reply, int size) {
        var call = open.get(id);
        if (call == null) {
            return; // nobody waits any more
        }
        if (size > call.asked().maxBytes()) {
            call.reply().tryEmitError(new UpstreamFault(UpstreamFailure.RESPONSE_TOO_LARGE, true));
        } else {
            call.reply().tryEmitValue(reply);
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

    /** Progress names its call; a log message is the only open call's, if there is only one. */
    private void notified(RpcMessage.Notification notification) {
        var calls = List.copyOf(open.values());
        if (calls.size() == 1 || notification.method().equals("notifications/progress")) {
            calls.forEach(it -> it.hearing().notified(notification));
        }
        Changes.of(notification).ifPresent(changes::tryEmitNext);
    }

    /** What ends it first is the reason for all. */
    private void end(UpstreamFailure failure) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        var fault = new UpstreamFault(failure, true);
        open.values().forEach(it -> it.reply().tryEmitError(fault));
        changes.tryEmitError(fault);
        ending.begin();
        writer.interrupt();
    }

    void close() {
        end(UpstreamFailure.UNREACHABLE);
    }
}
