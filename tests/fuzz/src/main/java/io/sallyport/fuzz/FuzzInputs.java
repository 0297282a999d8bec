package io.sallyport.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Inputs of a fuzz lane for an ordinary test run, where no engine watches the coverage: texts that
 * are well formed, changed at random by a generator with a fixed seed.
 *
 * <p>Settings, as system properties: {@code sallyport.fuzz.runs} inputs per lane, 2 000 unless said
 * otherwise; {@code sallyport.fuzz.seconds} after which a lane ends early, 5 unless said otherwise,
 * so that all lanes together fit into every test run; {@code sallyport.fuzz.seed}.
 */
public final class FuzzInputs {
    private static final int RUNS = Integer.getInteger("sallyport.fuzz.runs", 2_000);
    private static final Duration TIME =
            Duration.ofSeconds(Integer.getInteger("sallyport.fuzz.seconds", 5));
    private static final long SEED = Long.getLong("sallyport.fuzz.seed", 20261129L);

    /**
     * What one input of some kilobytes may take on a machine that does much else; 1 ms is usual.
     */
    private static final Duration SLOW = Duration.ofSeconds(10);

    private final Mutation mutation;
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

    private FuzzInputs(Mutation mutation) {
        this.mutation = mutation;
    }

    /** What holds for every input; throws if it does not. */
    @FunctionalInterface
    public interface Property {
        void check(byte[] input) throws Exception;
    }

    /**
     * @param seeds well-formed texts, at least one
     * @param words what the format gives a meaning, put in at random places
     */
    public static FuzzInputs of(List<String> seeds, List<String> words) {
        return new FuzzInputs(new Mutation(bytes(seeds), bytes(words)));
    }

    private static List<byte[]> bytes(List<String> texts) {
        return texts.stream().map(it -> it.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** The next input; for lanes that cannot be checked one by one. */
    public byte[] next() {
        return mutation.next(random);
    }

    /** An input as text: bytes that are no UTF-8 become U+FFFD. */
    public static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    /**
     * Tries the property on one input after the other. The first input that breaks it, or that
     * takes longer than {@link #SLOW}, ends the lane and is kept in {@code target/fuzz}.
     *
     * @throws AssertionError naming the file that the input is kept in
     */
    public void check(Class<?> lane, Property property) {
        long begun = System.nanoTime();
        int run = 0;
        while (run < RUNS && System.nanoTime() - begun < TIME.toNanos()) {
            tryOne(lane, property, next());
            run++;
        }
        System.out.printf(
                "fuzz: %s held for %d inputs, %d ms%n",
                lane.getSimpleName(), run, (System.nanoTime() - begun) / 1_000_000);
    }

    private static void tryOne(Class<?> lane, Property property, byte[] input) {
        long start = System.nanoTime();
        try {
            property.check(input.clone());
        } catch (Throwable broken) { // a StackOverflowError is a finding, too
            throw new AssertionError(kept(lane, input), broken);
        }
        if (System.nanoTime() - start > SLOW.toNanos()) {
            throw new AssertionError("slower than " + SLOW + ": " + kept(lane, input));
        }
    }

    private static String kept(Class<?> lane, byte[] input) {
        var name = "%s-%08x".formatted(lane.getSimpleName(), java.util.Arrays.hashCode(input));
        try {
            var folder = Files.createDirectories(Path.of("target", "fuzz"));
            var file = Files.write(folder.resolve(name), input);
            return file + " (seed " + SEED + "); keep it among the lane's inputs";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
