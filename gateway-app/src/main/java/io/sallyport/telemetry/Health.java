package io.sallyport.telemetry;

import java.util.Locale;
import java.util.Optional;

/** What {@code /livez} and {@code /readyz} answer, wherever they are asked. From memory. */
final class Health {
    static final String ALIVE = "ok";

    private final Readiness readiness;
    private final Serving serving;

    Health(Readiness readiness, Serving serving) {
        this.readiness = readiness;
        this.serving = serving;
    }

    /** An answer. */
    record Report(boolean ready, String text) {
        int status() {
            return ready ? 200 : 503;
        }
    }

    Report ready() {
        var trouble = readiness.trouble().get().or(this::notServing);
        var gateway = "gateway " + name(serving.state()) + "\n";
        return new Report(trouble.isEmpty(), readiness.report(trouble, gateway));
    }

    private Optional<String> notServing() {
        return Optional.of(serving.state())
                .filter(it -> it != Serving.State.SERVING)
                .map(Health::name);
    }

    private static String name(Serving.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
