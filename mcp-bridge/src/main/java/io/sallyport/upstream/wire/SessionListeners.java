package io.sallyport.upstream.wire;

import io.sallyport.bridge.SessionListener;
import io.sallyport.bridge.UpstreamListener;
import io.sallyport.upstream.wire.RpcMessage.Notification;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who hears what a server logs in one session of one principal beside its calls. */
public final class SessionListeners {
    /** As many as one principal has streams. */
    private static final int MOST = 100;

    private final Set<SessionListener> listeners = ConcurrentHashMap.newKeySet();
    private final Pace pace = new Pace();

    /** Whoever made the call hears on after it; one too many hears of its calls only. */
    public void add(UpstreamListener ofCall) {
        ofCall.beyond().ifPresent(this::add);
    }

    private void add(SessionListener listener) {
        if (listeners.size() >= MOST) {
            forgetAbsent();
        }
        if (listeners.size() < MOST) {
            listeners.add(listener);
        }
    }

    public boolean areListening() {
        return listeners.stream().anyMatch(SessionListener::isListening);
    }

    /** Forgets those who do not listen now; their next call makes them known again. */
    public void forgetAbsent() {
        listeners.removeIf(it -> !it.isListening());
    }

    /** Tells them of a log message, so many a second. */
    public void hear(Notification notification) {
        if (notification.method().equals("notifications/message")
                && notification.params().isObject()
                && !listeners.isEmpty()
                && pace.allows()) {
            listeners.stream()
                    .filter(SessionListener::isListening)
                    .forEach(it -> it.logged(notification.params()));
        }
    }

    /** Whether what is told here reaches the one who made that call. */
    public static boolean reaches(UpstreamListener ofCall) {
        return ofCall.beyond().filter(SessionListener::isListening).isPresent();
    }
}
