package io.sallyport.egress;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are public. Everything in the IANA special-purpose address registries (IPv4 and
 * IPv6, RFC 6890 and its updates) is not, whether or not it is routed globally, nor is anything
 * multicast, reserved or outside the IPv6 space that IANA has opened for global unicast. An IPv6
 * address that embeds an IPv4 one (NAT64, 6to4, Teredo, IPv4-mapped and -compatible) is not public
 * whatever it embeds: who translates it, and into which network, is not known here.
 */
final class AddressRules {
    private static final List<Cidr> REFUSED_IPV4 =
            blocks(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8", // private use
                    "100.64.0.0/10", // shared by carriers
                    "127.0.0.0/8", // loopback
                    "168.63.129.16/32", // Azure's host agent: public by number only
                    "169.254.0.0/16", // link-local, cloud metadata
                    "172.16.0.0/12", // private use
                    "192.0.0.0/24", // IETF protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.31.196.0/24", // AS112
                    "192.52.193.0/24", // multicast tunnels
                    "192.88.99.0/24", // 6to4 relays, deprecated
                    "192.168.0.0/16", // private use
                    "192.175.48.0/24", // AS112
                    "198.18.0.0/15", // benchmarking
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4"); // reserved, broadcast

    private static final List<Cidr> REFUSED_IPV6 =
            blocks(
                    "::/32", // unspecified, loopback, IPv4-compatible, -mapped and -translated
                    "64:ff9b::/96", // NAT64
                    "64:ff9b:1::/48", // NAT64 for local use
                    "100::/8", // discard only, and reserved
                    "200::/7",
                    "400::/6",
                    "800::/5",
                    "1000::/4",
                    "2001::/23", // IETF protocol assignments: Teredo, benchmarking, ORCHID
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4
                    "2620:4f:8000::/48", // AS112
                    "3fff::/20", // documentation
                    "4000::/2", // reserved, segment routing
                    "8000::/1"); // reserved, unique local, link-local, site-local, multicast

    private AddressRules() {}

    static boolean isPublic(InetAddress dialled) {
        var address = dialled.getAddress();
        var refused = address.length == 4 ? REFUSED_IPV4 : REFUSED_IPV6;
        return refused.stream().noneMatch(block -> block.contains(address));
    }

    private static List<Cidr> blocks(String... texts) {
        return Stream.of(texts).map(Cidr::of).toList();
    }
}
