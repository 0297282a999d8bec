package io.sallyport.upstream.stdio;

import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a process and those that it started: first kindly (MCP 2025-11-25, Shutdown), then not; and
 * at once if this process ends.
 */
final class Ending {
    private static final long PATIENCE_MILLIS = 2_000;

    /** Looking reads the whole table of processes. */
    private static final Executor SOON =
            CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS, Thread::startVirtualThread);

    private final Process process;
    private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looksSoon = new AtomicBoolean();
    private final Thread hook;

    /**
     * @throws UpstreamException if this process ends already, and then so does that one
     */
    Ending(Process process) {
        this.process = process;
        this.hook = new Thread(this::kill, "stdio-ending");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException _) {
            process.destroyForcibly();
            throw new UpstreamException(UpstreamFailure.UNREACHABLE, false);
        }
    }

    /** It may have started others: who they are cannot be learnt any more when it has ended. */
    void lookSoon() {
        if (looksSoon.compareAndSet(false, true)) {
            SOON.execute(this::look);
        }
    }

    private void look() {
        looksSoon.set(false);
        seen.removeIf(it -> !it.isAlive());
        process.descendants().forEach(seen::add);
    }

    /** Called when the process's input is closed or about to be; does not wait. */
    void begin() {
        look();
        Thread.ofVirtual().name("stdio-ending").start(this::end);
    }

    private void end() {
        try {
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            family().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            kill();
            unhook();
        }
    }

    /** Also those that they started since. */
    private List<ProcessHandle> family() {
        look();
        for (var member : List.copyOf(seen)) {
            member.descendants().forEach(seen::add);
        }
        return List.copyOf(seen);
    }

    private void kill() {
        family().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void unhook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // this process ends already, and the hook does its work
        }
    }
}
