package io.sallyport.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Port to name resolution. May block: it is called on a virtual thread. */
@FunctionalInterface
public interface NameLookup {
    /** All addresses of {@code name}, at least one. */
    List<InetAddress> addresses(String name) throws UnknownHostException;

    /** What the operating system answers (hosts file, then DNS), as the JDK asks it. */
    static NameLookup system() {
        return name -> List.of(InetAddress.getAllByName(name));
    }
}
