package io.sallyport.cli;

import io.sallyport.servers.LaunchProfiles;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: one governed conversation from the first server to the verified log. */
@Command(
        name = "demo",
        description = "Gateway, sample servers, scripted model and one governed chat.")
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--keep", description = "leaves all of it running until Ctrl-C")
    private boolean isKept;

    @Override
    public Integer call() throws InterruptedException {
        var begun = Begun.untilExit(_ -> {});
        var folders = begun.begin(Folders::create, Folders::remove);
        var notes = sample(begun, "notes", "--drift-file", folders.driftFile().toString());
        var weather = sample(begun, "weather");
        var model = sample(begun, "model");
        CommandLine.keepRecordsOutOfTheLog();
        say("Starting PostgreSQL and the gateway ...");
        var options =
                new Gateway.Options(
                        true, 0, folders.data(), Optional.empty(), new LaunchProfiles.Off());
        var gateway = begun.begin(() -> Gateway.start(options), Gateway::close);
        var world = new DemoWorld(gateway, notes, weather, model);
        new DemoStory(world, folders).tell();
        if (isKept) {
            say("");
            say(
                    "Left running at "
                            + gateway.url()
                            + ", keys in "
                            + folders.data().resolve("credentials"));
            say("Ctrl-C ends it and removes " + folders.root() + ".");
            return CommandLine.KEEP_RUNNING;
        }
        return 0;
    }

    private static SampleProcess sample(Begun begun, String name, String... arguments)
            throws InterruptedException {
        say("Starting the sample " + name + " ...");
        return begun.begin(
                () -> SampleProcess.start("sallyport.samples." + name, arguments),
                SampleProcess::close);
    }

    static void say(String line) {
        CommandLine.out().println(line);
    }

    /** The parts that the demo is played with. */
    record DemoWorld(
            Gateway gateway, SampleProcess notes, SampleProcess weather, SampleProcess model) {}

    /**
     * Where the demo keeps things.
     *
     * @param root removed at the end; the checkpoint in it lies outside the gateway's data
     */
    record Folders(Path root) {
        static Folders create() {
            try {
                return new Folders(Files.createTempDirectory("sallyport-demo-"));
            } catch (IOException e) {
                throw new StartFailure("no temporary folder for the demo", e);
            }
        }

        Path data() {
            return root.resolve("data");
        }

        Path driftFile() {
            return root.resolve("read_note.txt");
        }

        Path checkpoint() {
            return root.resolve("kept-elsewhere.checkpoint");
        }

        void remove() {
            try (var files = Files.walk(root)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException _) {
                // a temporary folder that somebody looks into is no reason to fail
            }
        }
    }
}
