package io.sallyport.bridge.stdio;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends a process and those that it started: first kindly (MCP 2025-11-25, Shutdown), then not; and
 * at once if this process ends.
 */
final class Ending {
    private static final long PATIENCE_MILLIS = 2_000;

    private final Process process;
    private final Thread hook;

    Ending(Process process) {
        this.process = process;
        this.hook = new Thread(() -> kill(family()), "stdio-ending");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Called when the process's input is closed or about to be; does not wait. */
    void begin() {
        var family = family();
        Thread.ofVirtual().name("stdio-ending").start(() -> end(family));
    }

    /** Who they are is not known any more when the process has ended. */
    private List<ProcessHandle> family() {
        return process.descendants().toList();
    }

    private void end(List<ProcessHandle> family) {
        try {
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            family.forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            kill(family);
            unhook();
        }
    }

    private void kill(List<ProcessHandle> family) {
        family.forEach(ProcessHandle::destroyForcibly);
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
