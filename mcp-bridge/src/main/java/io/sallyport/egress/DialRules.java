package io.sallyport.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** What may be dialled for one destination: one refused address refuses its name. */
final class DialRules {
    private final List<AddressException> exceptions;
    private final boolean plain;
    private final boolean plainHttp;
    private final boolean loopbackHttp;
    private final IntPredicate ownPort;

    DialRules(Destination destination, IntPredicate ownPort) {
        this.exceptions =
                destination.terms().allow().stream().map(AddressException::parse).toList();
        this.plainHttp = destination.terms().plainHttp();
        this.plain = destination.uri().getScheme().equals("http");
        this.loopbackHttp = destination.loopbackHttp();
        this.ownPort = ownPort;
    }

    boolean isPlain() {
        return plain;
    }

    /**
     * Why not every one of {@code addresses} may be dialled, or empty. An address that must not be
     * dialled comes before all else, wherever among the others it is.
     */
    Optional<EgressRefusal> refusal(List<InetAddress> addresses, int port) {
        if (addresses.isEmpty()) {
            return Optional.of(EgressRefusal.ADDRESS);
        }
        var refusals =
                addresses.stream().flatMap(address -> refusal(address, port).stream()).toList();
        return refusals.contains(EgressRefusal.ADDRESS)
                ? Optional.of(EgressRefusal.ADDRESS)
                : refusals.stream().findFirst();
    }

    private Optional<EgressRefusal> refusal(InetAddress address, int port) {
        if (!AddressRules.isPublic(address) && !isException(address, port)) {
            return Optional.of(EgressRefusal.ADDRESS);
        }
        if (ownPort.test(port) && isOnThisMachine(address)) {
            return Optional.of(EgressRefusal.OWN_LISTENER);
        }
        return plain && !speaksPlainly(address)
                ? Optional.of(EgressRefusal.SCHEME)
                : Optional.empty();
    }

    /** To a public address nothing goes without TLS, whatever was permitted. */
    private boolean speaksPlainly(InetAddress address) {
        return (loopbackHttp && address.isLoopbackAddress())
                || (plainHttp && !AddressRules.isPublic(address));
    }

    private boolean isException(InetAddress address, int port) {
        return exceptions.stream().anyMatch(exception -> exception.permits(address, port));
    }

    private static boolean isOnThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return true; // cannot tell: assume it is
        }
    }
}
