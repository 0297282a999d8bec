package io.sallyport.samples.notes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A file whose text, while it exists, is the description of {@code read_note}. */
final class DriftFile {

    private final Path file;
    private Optional<String> shown = Optional.empty();

    DriftFile(Path file) {
        this.file = file;
    }

    /** Makes {@code notes} list what the file says now; without the file, the original. */
    synchronized void apply(NotesServer notes) {
        var wanted = text();
        if (!wanted.equals(shown)) {
            wanted.ifPresentOrElse(notes::describeReadNote, notes::restoreReadNote);
            shown = wanted;
        }
    }

    private Optional<String> text() {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
