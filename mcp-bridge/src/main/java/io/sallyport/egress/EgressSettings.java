package io.sallyport.egress;

import java.time.Duration;
import java.util.function.IntPredicate;
import javax.net.ssl.TrustManagerFactory;

/**
 * How connections are made.
 *
 * @param names resolves names, once per new connection
 * @param ownPort whether one of this process's listeners has that port; such a port is refused on
 *     every address of this machine, whatever was permitted
 * @param trust which TLS certificates are accepted
 * @param limits how many connections, and how many requests may wait for one
 * @param idle how long a connection is kept unused. The default, 4 s, is under the 5 s after which
 *     a Node.js server closes it, since a request on a closing connection may or may not arrive
 * @param connect longest time one dial may take, TLS excluded, and the same again for TLS
 */
public record EgressSettings(
        NameLookup names,
        IntPredicate ownPort,
        TrustManagerFactory trust,
        EgressLimits limits,
        Duration idle,
        Duration connect) {

    /** The system's names and certificates, the standard limits, no listeners of our own. */
    public static EgressSettings standard() {
        return new EgressSettings(
                NameLookup.system(),
                _ -> false,
                CaBundle.system(),
                EgressLimits.STANDARD,
                Duration.ofSeconds(4),
                Duration.ofSeconds(5));
    }

    public EgressSettings withNames(NameLookup other) {
        return new EgressSettings(other, ownPort, trust, limits, idle, connect);
    }

    public EgressSettings withOwnPort(IntPredicate other) {
        return new EgressSettings(names, other, trust, limits, idle, connect);
    }

    public EgressSettings withLimits(EgressLimits other) {
        return new EgressSettings(names, ownPort, trust, other, idle, connect);
    }

    /** Takes the certificates of {@code bundle} beside the system's. */
    public EgressSettings trusting(CaBundle bundle) {
        var both = bundle.besideTheSystems();
        return new EgressSettings(names, ownPort, both, limits, idle, connect);
    }
}
