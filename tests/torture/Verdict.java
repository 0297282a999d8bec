import java.util.ArrayList;
import java.util.List;

/** What a torture found: figures, and which of them are outside their bounds. */
final class Verdict {
    private final List<String> figures = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    Verdict figure(String name, Object value) {
        figures.add(name + " " + value);
        return this;
    }

    /** A figure with its bound. */
    Verdict atMost(String name, double value, double bound) {
        return figureThatHolds(name, value, value <= bound, "more than " + shown(bound));
    }

    Verdict atLeast(String name, double value, double bound) {
        return figureThatHolds(name, value, value >= bound, "less than " + shown(bound));
    }

    Verdict none(String name, long value) {
        return figureThatHolds(name, value, value == 0, "not 0");
    }

    Verdict holds(String name, boolean so) {
        figure(name, so ? "yes" : "no");
        if (!so) {
            broken.add(name);
        }
        return this;
    }

    private Verdict figureThatHolds(String name, double value, boolean so, String otherwise) {
        figure(name, shown(value));
        if (!so) {
            broken.add(name + " is " + otherwise);
        }
        return this;
    }

    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : "%.2f".formatted(value);
    }

    boolean isGood() {
        return broken.isEmpty();
    }

    @Override
    public String toString() {
        return (isGood() ? "held" : "BROKEN (" + String.join("; ", broken) + ")")
                + ": "
                + String.join(", ", figures);
    }
}
