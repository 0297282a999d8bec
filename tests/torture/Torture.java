import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tortures the built gateway; {@code ./sallyport torture} starts it. Every scenario starts what it
 * needs, gateways as processes, listens on 127.0.0.1 only and ends what it started.
 */
public final class Torture {
    /** One way to hurt it. */
    @FunctionalInterface
    interface Scenario {
        Verdict run(Scale scale) throws Exception;
    }

    /**
     * How hard.
     *
     * @param small whether it has to be over in about 20 s
     * @param seconds of each phase, if it was said
     * @param cycles repetitions, if it was said
     */
    record Scale(boolean small, Optional<Integer> seconds, Optional<Integer> cycles, int runs) {
        int seconds(int full, int small) {
            return seconds.orElse(this.small ? small : full);
        }

        int cycles(int full, int small) {
            return cycles.orElse(this.small ? small : full);
        }

        /**
         * How much more time things may take than the bars allow: a short run judges what breaks, on
         * whatever machine the tests run, and only a full one how long it takes.
         */
        int slack() {
            return small ? 4 : 1;
        }

        int of(int full, int small) {
            return this.small ? small : full;
        }
    }

    private static final Map<String, Scenario> SCENARIOS = new LinkedHashMap<>();

    static {
        SCENARIOS.put("races", Races::run);
        SCENARIOS.put("streams", Streams::run);
        SCENARIOS.put("kills", Kills::run);
        SCENARIOS.put("disk", Disk::run);
        SCENARIOS.put("rows", Rows::run);
        SCENARIOS.put("neighbour", Neighbour::run);
    }

    private Torture() {}

    /** Arguments: {@code [NAME]… [--short] [--seconds N] [--cycles N] [--runs N]}. */
    public static void main(String[] arguments) {
        var names = new ArrayList<String>();
        var numbers = new LinkedHashMap<String, Integer>();
        boolean small = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--short" -> small = true;
                case "--seconds", "--cycles", "--runs" ->
                        numbers.put(arguments[i], Integer.valueOf(arguments[++i]));
                case String name -> names.add(name);
            }
        }
        var scale =
                new Scale(
                        small,
                        Optional.ofNullable(numbers.get("--seconds")),
                        Optional.ofNullable(numbers.get("--cycles")),
                        numbers.getOrDefault("--runs", 1));
        System.exit(runAll(names.isEmpty() ? List.copyOf(SCENARIOS.keySet()) : names, scale));
    }

    private static int runAll(List<String> names, Scale scale) {
        int passed = 0;
        for (var name : names) {
            if (run(name, scale)) {
                passed++;
            }
        }
        System.out.printf("%d passed, %d failed%n", passed, names.size() - passed);
        return passed == names.size() ? 0 : 1;
    }

    private static boolean run(String name, Scale scale) {
        long start = System.nanoTime();
        boolean good = true;
        try {
            for (int run = 0; run < scale.runs(); run++) {
                var verdict = SCENARIOS.get(name).run(scale);
                System.out.printf("%s %s%n", name, verdict);
                good &= verdict.isGood();
            }
        } catch (Exception e) {
            System.out.printf("%s BROKEN (could not be run): %s%n", name, e);
            e.printStackTrace(System.out);
            good = false;
        }
        System.out.printf("%s took %d s%n", name, Duration.ofNanos(System.nanoTime() - start).toSeconds());
        return good;
    }
}
