package io.sallyport.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears SIGHUP, which would end the process otherwise. The JDK has a way for that and none that the
 * compiler takes without a warning, so it is found by its name.
 */
final class Hangup {
    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    private Hangup() {}

    /** From now on the signal does {@code action}, on a thread of its own, and nothing else. */
    static void does(Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var hangup = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangup, by(handler, action));
        } catch (ReflectiveOperationException e) {
            LOG.warn("SIGHUP is not heard: {}", e.getClass().getSimpleName());
        }
    }

    private static Object by(Class<?> handler, Runnable action) {
        return Proxy.newProxyInstance(
                Hangup.class.getClassLoader(),
                new Class<?>[] {handler},
                (_, method, _) -> {
                    if (method.getName().equals("handle")) {
                        action.run();
                    }
                    return null;
                });
    }
}
