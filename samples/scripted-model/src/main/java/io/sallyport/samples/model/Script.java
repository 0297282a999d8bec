package io.sallyport.samples.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What each model answers. The round is chosen by how many assistant messages follow the last user
 * message, so one script serves any number of conversations; after its last round it repeats that
 * round.
 */
public final class Script {

    private final Map<String, List<Round>> models;
    private final List<Round> anyOther;

    private Script(Map<String, List<Round>> models, List<Round> anyOther) {
        this.models = Map.copyOf(models);
        this.anyOther = anyOther;
    }

    /** Answers every model name with these rounds. */
    public static Script of(Round... rounds) {
        return new Script(Map.of(), rounds(List.of(rounds)));
    }

    /** Answers the named models; any other is unknown. */
    public static Script named(Map<String, List<Round>> models) {
        var copy = new HashMap<String, List<Round>>();
        models.forEach((name, rounds) -> copy.put(name, rounds(rounds)));
        return new Script(copy, List.of());
    }

    /**
     * The models that come with this sample: {@code scripted-demo}, {@code scripted-plain}, {@code
     * scripted-three-rounds}, {@code scripted-forever}, {@code scripted-slow-stream}.
     */
    public static Script standard() {
        return resource("standard.json").and(resource("demo.json"));
    }

    /**
     * Reads a script file.
     *
     * @throws MalformedScript if it is not one
     */
    public static Script read(Path file) throws IOException, MalformedScript {
        return ScriptFile.read(Files.readAllBytes(file));
    }

    /** Both; where both name a model, {@code other} wins. */
    public Script and(Script other) {
        var both = new HashMap<>(models);
        both.putAll(other.models);
        return new Script(both, other.anyOther.isEmpty() ? anyOther : other.anyOther);
    }

    /** The names of the models, sorted. */
    Set<String> names() {
        return new TreeSet<>(models.keySet());
    }

    /** What {@code model} answers after {@code earlier} answers, or empty if it is unknown. */
    Optional<Round> round(String model, int earlier) {
        var rounds = models.getOrDefault(model, anyOther);
        return rounds.isEmpty()
                ? Optional.empty()
                : Optional.of(rounds.get(Math.min(earlier, rounds.size() - 1)));
    }

    private static List<Round> rounds(List<Round> rounds) {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("a script needs at least one round");
        }
        return List.copyOf(rounds);
    }

    private static Script resource(String name) {
        try (InputStream file = Script.class.getResourceAsStream(name)) {
            return ScriptFile.read(Objects.requireNonNull(file, name).readAllBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (MalformedScript broken) {
            throw new IllegalStateException(name, broken);
        }
    }
}
