package io.sallyport.store;

import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands one costly thing to all test classes of this JVM, and closes it as the JVM ends. JUnit's
 * own root store would not do: with two forks, Surefire launches JUnit anew for each class.
 */
public abstract class SharedParameter<T extends AutoCloseable> implements ParameterResolver {
    private final Class<T> type;
    private final Shared<T> shared;

    protected SharedParameter(Class<T> type, Shared<T> shared) {
        this.type = type;
        this.shared = shared;
    }

    /** To be kept in a constant: JUnit makes the extension itself anew for each class. */
    public static final class Shared<T extends AutoCloseable> {
        private final Supplier<T> start;
        private Optional<T> started = Optional.empty();

        public Shared(Supplier<T> start) {
            this.start = start;
        }

        private synchronized T get() {
            if (started.isEmpty()) {
                var thing = start.get();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> close(thing)));
                started = Optional.of(thing);
            }
            return started.get();
        }

        private static void close(AutoCloseable thing) {
            try {
                thing.close();
            } catch (Exception e) {
                throw new IllegalStateException("what the tests shared is not closed", e);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == type;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return shared.get();
    }
}
