package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key in a URL or among arguments is as secret as one in a header. */
class SecretWordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://x.example/mcp?apiKey=correct-horse | correct-horse",
                "https://x.example/mcp?v=2025-06-18&token=a%2Fb%2Bc%3D%3Dxyz | a/b+c==xyz",
                "https://x.example/s/Zk91aB3dE6gH9jK2mN5p/mcp | Zk91aB3dE6gH9jK2mN5p",
                "https://x.example/v1/0a1b2c3d4e5f6a7b8c9d/gw?k=horsestaple | horsestaple"
            })
    void isFoundInAUrl(String url, String secret) {
        assertThat(SecretWords.ofUrl(URI.create(url))).contains(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x.example/mcp",
                "https://x.example/mcp?version=2025-06-18&page=100000000",
                "https://x.example/openai/deployments/gpt-4o-mini-2024-07-18/v1",
                "https://x.example/streamableHttp?stream=true",
                "https://x.example"
            })
    void whatIsNoneIsLeft(String url) {
        assertThat(SecretWords.ofUrl(URI.create(url))).isEmpty();
    }

    @Test
    void isFoundAmongArguments() {
        var argv =
                List.of(
                        "/opt/node20abcdefghijkl",
                        "/opt/mcp/server-2025-11-25/dist/index.js",
                        "stdio",
                        "--api-key=Zk91aB3dE6gH9jK2",
                        "tok_live-0123456789abcdef",
                        "--experimental-http2-and-3",
                        "1234567890123456");

        assertThat(SecretWords.ofArguments(argv))
                .containsExactly("Zk91aB3dE6gH9jK2", "tok_live-0123456789abcdef");
    }
}
