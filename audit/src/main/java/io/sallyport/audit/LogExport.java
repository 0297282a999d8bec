package io.sallyport.audit;

import io.sallyport.audit.json.CanonicalReader;
import io.sallyport.audit.json.CanonicalWriter;
import io.sallyport.audit.json.NotCanonical;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A whole log as JSON Lines: one line for the head, one for each leaf. Every line is canonical and
 * ends in a newline, so that no byte of the file is without meaning.
 */
public final class LogExport {
    private static final String FORMAT = "sallyport-audit-export/1";
    private static final int MAX_LEAF_LINE = 24 * 1024;
    private static final int MAX_PAYLOAD_LINE = PayloadSeal.MAX_PAYLOAD / 3 * 4 + MAX_LEAF_LINE;

    private LogExport() {}

    /** Opens the bytes of an export, from the start, each time it is asked. */
    @FunctionalInterface
    public interface Bytes {
        InputStream open() throws IOException;
    }

    /** Writes {@code entries}, in index order from 0. Closes neither {@code out} nor the stream. */
    public static void write(OutputStream out, LogHead head, Stream<LogEntry.Stored> entries)
            throws IOException {
        out.write(line(head));
        Iterator<LogEntry.Stored> each = entries.iterator();
        while (each.hasNext()) {
            out.write(line(each.next()));
        }
    }

    /** The log in an export file. */
    public static LogSource read(Path file) {
        return read(() -> Files.newInputStream(file));
    }

    /** The log in an export. */
    public static LogSource read(Bytes export) {
        return new ExportedLog(export);
    }

    private static byte[] line(LogHead head) {
        return terminated(
                new CanonicalWriter()
                        .open()
                        .text("checkpoint", head.checkpoint())
                        .text("format", FORMAT)
                        .text("key", head.key())
                        .flag("payloads", head.payloads())
                        .close());
    }

    private static byte[] line(LogEntry.Stored entry) {
        return terminated(
                new CanonicalWriter()
                        .open()
                        .number("index", entry.index())
                        .text("leaf", Base64.getEncoder().encodeToString(entry.leaf()))
                        .text("payload", Base64.getEncoder().encodeToString(entry.payload()))
                        .close());
    }

    private static byte[] terminated(CanonicalWriter json) {
        byte[] bytes = json.bytes();
        byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = '\n';
        return line;
    }

    private record ExportedLog(Bytes export) implements LogSource {
        @Override
        public LogHead head() throws IOException {
            try (var lines = new LineReader(export.open())) {
                return head(lines.next(SignedNote.MAX_CHARS * 2));
            }
        }

        @Override
        public Stream<LogEntry> entries() throws IOException {
            var lines = new LineReader(export.open());
            try {
                LogHead head = head(lines.next(SignedNote.MAX_CHARS * 2));
                int limit = head.payloads() ? MAX_PAYLOAD_LINE : MAX_LEAF_LINE;
                var each =
                        Spliterators.spliteratorUnknownSize(
                                new Entries(lines, limit), Spliterator.ORDERED);
                return StreamSupport.stream(each, false).onClose(lines::closeUnchecked);
            } catch (IOException e) {
                lines.close();
                throw e;
            }
        }

        private static LogHead head(byte[] line) throws IOException {
            try {
                var members = CanonicalReader.readObject(withoutNewline(line));
                var head =
                        new LogHead(
                                members.text("checkpoint"),
                                members.text("key"),
                                members.flag("payloads").orElse(false));
                if (Arrays.equals(line(head), line)) {
                    return head;
                }
            } catch (NotCanonical e) {
                throw new IOException("the first line is not the head of an export", e);
            }
            throw new IOException("the first line is not the head of an export");
        }
    }

    private static byte[] withoutNewline(byte[] line) {
        return Arrays.copyOf(line, Math.max(0, line.length - 1));
    }

    private static LogEntry entry(byte[] line) {
        try {
            var members = CanonicalReader.readObject(withoutNewline(line));
            var entry =
                    new LogEntry.Stored(
                            members.whole("index"),
                            Base64.getDecoder().decode(members.text("leaf")),
                            Base64.getDecoder().decode(members.text("payload")));
            return Arrays.equals(line(entry), line) ? entry : new LogEntry.Unreadable();
        } catch (NotCanonical | IllegalArgumentException e) {
            return new LogEntry.Unreadable();
        }
    }

    /** Reads one line ahead, so that the stream ends where the file does. */
    private static final class Entries implements Iterator<LogEntry> {
        private final LineReader lines;
        private final int limit;
        private byte[] ahead;

        Entries(LineReader lines, int limit) throws IOException {
            this.lines = lines;
            this.limit = limit;
            this.ahead = lines.next(limit);
        }

        @Override
        public boolean hasNext() {
            return ahead.length > 0;
        }

        @Override
        public LogEntry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            LogEntry entry = entry(ahead);
            try {
                ahead = lines.next(limit);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return entry;
        }
    }
}
