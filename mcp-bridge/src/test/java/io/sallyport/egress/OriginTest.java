package io.sallyport.egress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Use 13. What a secret was given for, however it is spelled. */
class OriginTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://crm.example/mcp https://CRM.Example/other",
                "https://crm.example/mcp https://crm.example:443",
                "HTTPS://crm.example https://crm.example/?x=1",
                "http://crm.example/mcp http://crm.example:80/",
                "https://[2606:4700::1111]/ https://[2606:4700:0:0:0:0:0:1111]:443/",
                "https://[2606:4700::ABCD]/ https://[2606:4700::abcd]/",
                "https://[::ffff:1.2.3.4]/ https://1.2.3.4/"
            })
    void twoSpellingsAreOneOrigin(String pair) {
        var urls = pair.split(" ");
        assertThat(Origin.of(urls[0]))
                .isEqualTo(Origin.of(urls[1]))
                .hasToString(Origin.of(urls[1]).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://crm.example/ http://crm.example/",
                "https://crm.example/ http://crm.example:443/",
                "https://crm.example/ https://crm.example:8443/",
                "https://crm.example/ https://www.crm.example/",
                "https://crm.example/ https://crm.example.org/",
                "https://1.2.3.4/ https://1.2.3.5/",
                "https://[2606:4700::1111]/ https://[2606:4700::1112]/"
            })
    void anotherSchemeHostOrPortIsAnother(String pair) {
        var urls = pair.split(" ");
        assertThat(Origin.of(urls[0])).isNotEqualTo(Origin.of(urls[1]));
    }
}
