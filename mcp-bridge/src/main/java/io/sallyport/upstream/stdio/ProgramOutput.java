package io.sallyport.upstream.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * What a program writes on its standard output, in a stream whose close ends a read. No read of the
 * JDK's stream can be ended: who waits in one waits for as long as anybody holds the other end,
 * children that the program left behind too, and the JDK waits with him.
 */
final class ProgramOutput {
    private static final Path OURS = Path.of("/proc/self/fd");
    private static final long DYING_MILLIS = 100;

    private ProgramOutput() {}

    /**
     * The stream of a process that has just been started. Where its output is not told (it runs as
     * another user, or this is no Linux) it is that of the JDK.
     */
    static InputStream of(Process process) {
        try {
            var output = Path.of("/proc", Long.toString(process.pid()), "fd", "1");
            return isOurs(output) ? closable(output, process) : process.getInputStream();
        } catch (IOException | DirectoryIteratorException _) { // ended, or not ours to know
            return hasEndedSoon(process)
                    ? new LogStream(process, process.getInputStream())
                    : process.getInputStream();
        }
    }

    /** Whether it is still the pipe of which we have the other end. */
    private static boolean isOurs(Path output) throws IOException {
        var name = Files.readSymbolicLink(output);
        try (var ours = Files.newDirectoryStream(OURS, it -> isNamed(it, name))) {
            return name.toString().startsWith("pipe:") && ours.iterator().hasNext();
        }
    }

    private static boolean isNamed(Path end, Path name) {
        try {
            return Files.readSymbolicLink(end).equals(name);
        } catch (IOException _) {
            return false; // closed meanwhile
        }
    }

    /** Another one of our end; the JDK's would take what the program says last. */
    private static InputStream closable(Path output, Process process) throws IOException {
        var end = FileChannel.open(output, StandardOpenOption.READ);
        process.getInputStream().close();
        return Channels.newInputStream(end);
    }

    private static boolean hasEndedSoon(Process process) {
        try {
            return process.waitFor(DYING_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
