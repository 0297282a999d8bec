package io.sallyport.cli;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The ports of this machine that belong to the gateway: nothing registered may lead to them. */
final class OwnPorts {
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    void add(int port) {
        ports.add(port);
    }

    boolean contains(int port) {
        return ports.contains(port);
    }
}
