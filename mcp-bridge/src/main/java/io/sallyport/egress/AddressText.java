package io.sallyport.egress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** Address literals; nothing here ever asks a name server. */
final class AddressText {
    private AddressText() {}

    static boolean isIpv6(String text) {
        return parse(text).isPresent() && text.indexOf(':') >= 0;
    }

    /** A dotted quad or an IPv6 address without brackets and zone. */
    static Optional<InetAddress> parse(String text) {
        try {
            if (HostText.isDottedQuad(text)) {
                return Optional.of(Inet4Address.ofLiteral(text));
            }
            return text.indexOf(':') >= 0 && text.indexOf('%') < 0
                    ? Optional.of(Inet6Address.ofLiteral(text))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
