package io.sallyport.bridge.stdio;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends a process and those that it started: first kindly (MCP 2025-11-25, Shutdown), then not. */
final class Ending {
    private static final long PATIENCE_MILLIS = 2_000;

    private Ending() {}

    /** Called when the process's input is closed or about to be; does not wait. */
    static void begin(Process process) {
        var family = process.descendants().toList(); // who they are is not known afterwards
        Thread.ofVirtual().name("stdio-ending").start(() -> end(process, family));
    }

    private static void end(Process process, List<ProcessHandle> family) {
        try {
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            family.forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            family.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
