package io.sallyport.policy;

import java.util.Arrays;
import java.util.Map;

/** Tells whether the authority of a URI has one reading and one spelling. */
final class UriAuthority {
    /** Of schemes whose hosts are hosts of the network, whatever server reads them. */
    private static final Map<String, String> DEFAULT_PORTS =
            Map.of("http", "80", "https", "443", "ws", "80", "wss", "443", "ftp", "21");

    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 5;
    private static final int IP_OCTETS = 4;
    private static final int MAX_IP_OCTET = 255;

    private UriAuthority() {}

    /** Tells whether URIs of this scheme are about hosts of the network. */
    static boolean isNetwork(String scheme) {
        return DEFAULT_PORTS.containsKey(scheme);
    }

    /** Tells whether {@code port} is what the scheme means without one. */
    static boolean isDefaultPort(String scheme, String port) {
        return port.equals(DEFAULT_PORTS.get(scheme));
    }

    static boolean isTheOnlySpelling(String scheme, String authority) {
        if (authority.isEmpty()) {
            return !isNetwork(scheme);
        }
        int at = authority.indexOf('@');
        int host = at + 1;
        int colon = authority.indexOf(':', host);
        int end = colon < 0 ? authority.length() : colon;
        return (at < 0 || isUser(authority.substring(0, at)))
                && isHost(scheme, authority.substring(host, end))
                && (colon < 0 || isPort(scheme, authority.substring(colon + 1)));
    }

    private static boolean isUser(String user) {
        return !user.isEmpty() && UriCharacters.USER.spell(user);
    }

    /** No address in brackets: the same one can be written in many ways. */
    private static boolean isHost(String scheme, String host) {
        return !host.isEmpty()
                && !host.endsWith(".")
                && UriCharacters.HOST.spell(host)
                && !(scheme.equals("file") && host.equals("localhost"))
                && (!isNetwork(scheme) || isNetworkHost(host));
    }

    private static boolean isNetworkHost(String host) {
        var labels = host.split("\\.", -1);
        boolean isAddress = isDigit(host.charAt(host.lastIndexOf('.') + 1));
        return host.indexOf('%') < 0
                && (!isAddress
                        || labels.length == IP_OCTETS
                                && Arrays.stream(labels)
                                        .allMatch(it -> isNumber(it, MAX_IP_OCTET)));
    }

    private static boolean isPort(String scheme, String port) {
        return isNumber(port, MAX_PORT) && !port.equals("0") && !isDefaultPort(scheme, port);
    }

    /** Digits without zeros in front. */
    private static boolean isNumber(String text, int max) {
        return !text.isEmpty()
                && text.length() <= MAX_PORT_DIGITS
                && text.chars().allMatch(UriAuthority::isDigit)
                && (text.length() == 1 || text.charAt(0) != '0')
                && Integer.parseInt(text) <= max;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }
}
