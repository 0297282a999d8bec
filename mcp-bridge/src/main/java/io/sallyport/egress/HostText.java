package io.sallyport.egress;

import java.util.Optional;
import java.util.regex.Pattern;

/** What may stand where a URL has its host. */
final class HostText {
    private static final Pattern DNS_NAME =
            Pattern.compile(
                    "(?=.{1,253}$)LABEL(\\.LABEL)*"
                            .replace("LABEL", "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"));

    /**
     * As the WHATWG URL standard puts it, the host "ends in a number": an address to some parser.
     */
    private static final Pattern ENDS_IN_NUMBER =
            Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");

    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-fA-F:.]{2,45}]");

    private HostText() {}

    /** Why {@code host} is not acceptable, or empty. */
    static Optional<EgressRefusal> refusal(String host) {
        if (host.startsWith("[")) {
            return ipv6Refusal(host);
        }
        if (host.indexOf('@') >= 0 || host.indexOf('%') >= 0) {
            return Optional.of(EgressRefusal.MALFORMED_URL);
        }
        if (ENDS_IN_NUMBER.matcher(host).matches()) {
            return isDottedQuad(host) ? Optional.empty() : Optional.of(EgressRefusal.ADDRESS);
        }
        if (DNS_NAME.matcher(host).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                mayNormaliseToAddress(host) ? EgressRefusal.ADDRESS : EgressRefusal.MALFORMED_URL);
    }

    private static Optional<EgressRefusal> ipv6Refusal(String host) {
        if (host.indexOf('%') >= 0) {
            return Optional.of(EgressRefusal.ADDRESS); // only link-local addresses have a zone
        }
        return IPV6.matcher(host).matches()
                        && AddressText.isIpv6(host.substring(1, host.length() - 1))
                ? Optional.empty()
                : Optional.of(EgressRefusal.MALFORMED_URL);
    }

    /** Four decimal numbers up to 255 without leading zeros. */
    static boolean isDottedQuad(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (var part : parts) {
            if (!OCTET.matcher(part).matches() || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** Digits in circles and other full stops turn into an address; a trailing dot hides a name. */
    private static boolean mayNormaliseToAddress(String host) {
        return host.endsWith(".") || host.chars().anyMatch(c -> c > 0x7f);
    }
}
