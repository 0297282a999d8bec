package io.sallyport.bridge;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a program that was started here says beside its messages, to people who operate it. Foreign
 * text of whoever it worked for: to be rendered, and shown to no other than platform admins.
 *
 * @param began the first lines of the standard error of the one process that spoke up last; at most
 *     5 of 4 KiB
 * @param errors the last lines of its standard error, the oldest first; at most 20 of 4 KiB
 * @param strays the last lines of its standard output that were no messages; as many
 * @param skipped how many of those there were in all
 */
public record ProgramWords(
        List<String> began, List<String> errors, List<String> strays, long skipped) {
    /** It said nothing, or is no program. */
    public static final ProgramWords NONE = new ProgramWords(List.of(), List.of(), List.of(), 0);

    public ProgramWords {
        began = List.copyOf(began);
        errors = List.copyOf(errors);
        strays = List.copyOf(strays);
    }

    /**
     * What may say why it did not start, the likeliest first: some programs say that last, others
     * first and how they are used after it.
     */
    public String reason() {
        var latest = errors.reversed().stream().filter(it -> !it.isBlank()).toList();
        return Stream.of(latest.stream().limit(1), began.stream(), latest.stream())
                .flatMap(it -> it)
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    /** The same words, each line rendered. */
    public ProgramWords rendered(UnaryOperator<String> renderer) {
        return new ProgramWords(
                began.stream().map(renderer).toList(),
                errors.stream().map(renderer).toList(),
                strays.stream().map(renderer).toList(),
                skipped);
    }

    /** Without what it said. */
    @Override
    public String toString() {
        return "ProgramWords[" + errors.size() + " errors, " + skipped + " skipped]";
    }
}
