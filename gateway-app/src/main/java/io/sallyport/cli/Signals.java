package io.sallyport.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears signals that would end the process otherwise. The JDK has a way for that and none that the
 * compiler takes without a warning, so it is found by its name.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * From now on the signal does {@code action}, on a thread of its own, and nothing else.
     *
     * @param name without SIG
     */
    static void on(String name, Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var heard = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, heard, by(handler, action));
        } catch (ReflectiveOperationException e) {
            LOG.warn("SIG{} is not heard: {}", name, e.getClass().getSimpleName());
        }
    }

    private static Object by(Class<?> handler, Runnable action) {
        return Proxy.newProxyInstance(
                Signals.class.getClassLoader(),
                new Class<?>[] {handler},
                (_, method, _) -> {
                    if (method.getName().equals("handle")) {
                        action.run();
                    }
                    return null;
                });
    }
}
