package io.sallyport.bridge;

import java.util.List;

/**
 * What a program that was started here says beside its messages, to people who operate it. Foreign
 * text of whoever it worked for: to be rendered, and shown to no other than platform admins.
 *
 * @param errors the last lines of its standard error, the oldest first; at most 20 of 4 KiB
 * @param strays the last lines of its standard output that were no messages; as many
 * @param skipped how many of those there were in all
 */
public record ProgramWords(List<String> errors, List<String> strays, long skipped) {
    /** It said nothing, or is no program. */
    public static final ProgramWords NONE = new ProgramWords(List.of(), List.of(), 0);

    public ProgramWords {
        errors = List.copyOf(errors);
        strays = List.copyOf(strays);
    }

    /** Without what it said. */
    @Override
    public String toString() {
        return "ProgramWords[" + errors.size() + " errors, " + skipped + " skipped]";
    }
}
