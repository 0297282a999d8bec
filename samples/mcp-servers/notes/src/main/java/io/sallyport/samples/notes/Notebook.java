package io.sallyport.samples.notes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The notes, in memory, oldest first. Starts with the same three every time. */
final class Notebook {

    /** A sample is no database: beyond this many, notes are refused. */
    static final int MAX_NOTES = 1000;

    private final Map<String, Note> notes = new LinkedHashMap<>();
    private int lastNumber;

    Notebook() {
        add("Groceries", "Oat milk, lentils, coffee.");
        add("Release plan", "Freeze on Thursday, ship on Monday.");
        add("Ideas", "A gateway that remembers every call.");
    }

    synchronized List<Note> all() {
        return List.copyOf(notes.values());
    }

    synchronized Optional<Note> find(String id) {
        return Optional.ofNullable(notes.get(id));
    }

    /** Returns the new note, or empty if the notebook is full. */
    synchronized Optional<Note> create(String title, String text) {
        return notes.size() < MAX_NOTES ? Optional.of(add(title, text)) : Optional.empty();
    }

    /** Returns the note that is now gone, or empty if there was none. */
    synchronized Optional<Note> delete(String id) {
        return Optional.ofNullable(notes.remove(id));
    }

    private Note add(String title, String text) {
        lastNumber++;
        var note = new Note("n" + lastNumber, title, text);
        notes.put(note.id(), note);
        return note;
    }
}
