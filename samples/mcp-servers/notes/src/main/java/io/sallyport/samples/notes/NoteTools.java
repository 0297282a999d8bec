package io.sallyport.samples.notes;

import static java.util.stream.Collectors.joining;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.sallyport.samples.hosting.Arguments;
import io.sallyport.samples.hosting.SampleTool;
import io.sallyport.samples.hosting.SampleTool.Effect;
import java.util.List;

/** The tools over one notebook. */
final class NoteTools {

    private static final String NO_ARGUMENTS =
            """
            {"type":"object","properties":{},"additionalProperties":false}\
            """;

    private static final String NOTE_ID =
            """
            {"type":"object",
             "properties":{"id":{"type":"string","pattern":"^n[0-9]{1,9}$",
                                 "description":"The note's id, such as n2"}},
             "required":["id"],"additionalProperties":false}\
            """;

    private static final String NEW_NOTE =
            """
            {"type":"object",
             "properties":{"title":{"type":"string","minLength":1,"maxLength":120},
                           "text":{"type":"string","maxLength":10000}},
             "required":["title","text"],"additionalProperties":false}\
            """;

    private final Notebook notebook;

    NoteTools(Notebook notebook) {
        this.notebook = notebook;
    }

    List<SampleTool> all() {
        return List.of(listNotes(), readNote(), createNote(), deleteNote());
    }

    SampleTool readNote() {
        return SampleTool.of(
                "read_note", Effect.READ, "Returns one note, title and text.", NOTE_ID, this::read);
    }

    private SampleTool listNotes() {
        return SampleTool.of(
                "list_notes",
                Effect.READ,
                "Lists all notes, one line each: id and title.",
                NO_ARGUMENTS,
                this::list);
    }

    private SampleTool createNote() {
        return SampleTool.of(
                "create_note",
                Effect.WRITE,
                "Adds a note and returns its id.",
                NEW_NOTE,
                this::create);
    }

    private SampleTool deleteNote() {
        return SampleTool.of(
                "delete_note", Effect.DESTROY, "Deletes one note for good.", NOTE_ID, this::delete);
    }

    private CallToolResult list(Arguments none) {
        return SampleTool.text(notebook.all().stream().map(Note::line).collect(joining("\n")));
    }

    private CallToolResult read(Arguments arguments) {
        return notebook.find(arguments.text("id"))
                .map(note -> SampleTool.text(note.whole()))
                .orElseGet(NoteTools::noSuchNote);
    }

    private CallToolResult create(Arguments arguments) {
        return notebook.create(arguments.text("title"), arguments.text("text"))
                .map(note -> SampleTool.text("Created " + note.line()))
                .orElseGet(() -> SampleTool.failure("The notebook is full."));
    }

    private CallToolResult delete(Arguments arguments) {
        return notebook.delete(arguments.text("id"))
                .map(note -> SampleTool.text("Deleted " + note.line()))
                .orElseGet(NoteTools::noSuchNote);
    }

    private static CallToolResult noSuchNote() {
        return SampleTool.failure("There is no note with this id.");
    }
}
