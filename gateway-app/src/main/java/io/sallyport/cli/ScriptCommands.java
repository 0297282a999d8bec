package io.sallyport.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The commands that the script {@code sallyport} runs without the gateway. They are declared here
 * for help and completion, and a test compares them with what the script and the samples take.
 */
final class ScriptCommands {
    private static final String[] TORTURES = {
        "",
        "  races      an approved call against its repetition, second decision, withdrawal, new policy",
        "  streams    1 000 streamed completions at once, then 5 000 whose clients leave",
        "  kills      60 times kill -9 of the gateway, its database, or both, under load",
        "  disk       a database that is frozen, stopped, or has a full disk (as root: a small tmpfs)",
        "  rows       searches in a log of 400 000 records, and the calls of another tenant meanwhile",
        "  neighbour  ten kinds of noise by one tenant, 30 s each, beside a tenant that works",
        "  fuzz       every fuzz lane with 100 000 inputs",
        "  tamper     every edit of a stored log, and mutations of exports"
    };

    private ScriptCommands() {}

    static CommandSpec sample() {
        var spec =
                named(
                        "sample",
                        "Something to try things with, on 127.0.0.1: an MCP server, or the"
                                + " scripted model.");
        sample(spec, "conformance", "What the MCP conformance suite asks for, over MCP.")
                .addOption(text("--era", "ERA", "modern, legacy or both, default both"));
        sample(spec, "notes", "Notes over MCP: list, read, create and delete.")
                .addOption(
                        text(
                                "--drift-file",
                                "FILE",
                                "while FILE exists, its text describes read_note"));
        sample(spec, "trickster", "MCP in hostile, broken and slow ways.")
                .addOption(
                        text(
                                "--tricks",
                                "TRICK[,TRICK...]",
                                "rug-pull, poisoned, bad-headers, endless-pages, list-storm"));
        sample(spec, "weather", "Forecasts and alerts over MCP.");
        sample(spec, "model", "An OpenAI-compatible model whose answers are written down before.")
                .addOption(
                        text("--script", "FILE", "JSON script, in addition to the ones built in"));
        spec.usageMessage().synopsisSubcommandLabel("NAME").commandListHeading("Names:%n");
        return spec;
    }

    private static CommandSpec sample(CommandSpec samples, String name, String description) {
        var spec =
                named(name, description)
                        .addOption(number("--port", "port on 127.0.0.1, default 0: any free one"));
        samples.addSubcommand(name, spec);
        return spec;
    }

    static CommandSpec test() {
        return named(
                        "test",
                        "Everything that CI runs.",
                        "Builds everything, runs all tests and rules, then the clients, the"
                                + " examples and a short torture.",
                        "The last line counts what passed and failed.")
                .addOption(flag("--fast", "leaves out what is slow"));
    }

    static CommandSpec torture() {
        var names =
                List.of("races", "streams", "kills", "disk", "rows", "neighbour", "fuzz", "tamper");
        var spec =
                named(
                                "torture",
                                "Hurts gateways of its own and says what broke.",
                                "Starts them on 127.0.0.1 and prints for each NAME one line with its figures: held, or BROKEN and"
                                        + " what. Without NAME all of them, which takes hours. Exit code"
                                        + " 0 if all held.")
                        .addPositional(names(names));
        spec.addOption(flag("--short", "what ./sallyport test runs: each over in about 20 s"))
                .addOption(number("--seconds", "length of a phase: disk, rows, neighbour"))
                .addOption(
                        number(
                                "--cycles",
                                "kills, races, clients that leave (streams), records (rows,"
                                        + " neighbour), inputs (fuzz), mutations (tamper)"))
                .addOption(number("--runs", "each so often; the worst counts"))
                .addOption(flag("--list", "only the names"));
        spec.usageMessage().footer(TORTURES);
        return spec;
    }

    private static CommandSpec named(String name, String... description) {
        Callable<Integer> ofTheScript =
                () -> {
                    throw new UsageError(name + " is a command of the script ./sallyport");
                };
        var spec = CommandSpec.wrapWithoutInspection(ofTheScript).name(name);
        spec.usageMessage().description(description).sortOptions(false);
        return spec;
    }

    private static PositionalParamSpec names(List<String> names) {
        return PositionalParamSpec.builder()
                .paramLabel("NAME")
                .arity("0..*")
                .type(String[].class)
                .completionCandidates(names)
                .description("one of: " + String.join(", ", names))
                .build();
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).description(description).build();
    }

    private static OptionSpec text(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    private static OptionSpec number(String name, String description) {
        return OptionSpec.builder(name)
                .paramLabel("N")
                .type(Integer.class)
                .description(description)
                .build();
    }
}
