package io.sallyport.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.EgressTerms;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.0",
                "127.255.255.255",
                "168.63.129.16",
                "169.254.0.0",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.255",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.0",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.255"
            })
    void holdsSpecialIpv4AddressesForNotPublic(String address) {
        assertThat(isPublic(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "168.63.129.15",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255"
            })
    void holdsTheirNeighboursForPublic(String address) {
        assertThat(isPublic(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "::7f00:1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::808:808",
                "100::1",
                "2001::1",
                "2001:2::1",
                "2001:10::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:808:808::",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void holdsSpecialIpv6AddressesForNotPublic(String address) {
        assertThat(isPublic(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2000::1",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2003::1",
                "2606:4700:4700::1111"
            })
    void holdsGlobalIpv6AddressesForPublic(String address) {
        assertThat(isPublic(address)).isTrue();
    }

    /** Prefixes of the special-purpose registry that embed an IPv4 address, each a public one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "64:ff9b::808:808",
                "64:ff9b::1.1.1.1",
                "64:ff9b:1::808:808",
                "64:ff9b:1:808:8:800::",
                "2002:808:808::1",
                "2001:0:808:808::f7f7:f7f7",
                "::808:808",
                "::ffff:0:808:808"
            })
    void holdsAnAddressThatEmbedsAPublicOneForNotPublic(String address) {
        assertThat(isPublic(address)).isFalse();
    }

    /** A machine behind NAT64 is for an exception to say. */
    @ParameterizedTest
    @ValueSource(strings = {"64:ff9b::/96:443", "64:ff9b::808:808/128:443", "64:ff9b::/64:443"})
    void letsAnExceptionPermitIt(String exception) {
        var rules =
                new DialRules(
                        new Destination(
                                "acme/tools",
                                URI.create("https://tools.test/mcp"),
                                EgressTerms.allowing(List.of(exception)),
                                false),
                        _ -> false);

        var behind = InetAddress.ofLiteral("64:ff9b::808:808");

        assertThat(rules.refusal(List.of(behind), 443)).isEmpty();
        assertThat(rules.refusal(List.of(behind), 8443)).contains(EgressRefusal.ADDRESS);
    }

    private static boolean isPublic(String address) {
        return AddressRules.isPublic(InetAddress.ofLiteral(address));
    }
}
