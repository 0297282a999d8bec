package io.sallyport.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Sha256Test {
    /** FIPS 180-4, the example of one block. */
    @Test
    void isTheDigestOfTheStandard() {
        var expected = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        assertThat(Sha256.of("abc")).isEqualTo(expected);
        assertThat(Sha256.of("abc".getBytes(UTF_8))).isEqualTo(expected);
        assertThat(Sha256.begin()).isNotSameAs(Sha256.begin());
    }
}
