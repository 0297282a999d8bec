package io.sallyport.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.EgressTerms;
import io.sallyport.threads.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every URL of the corpus gets its verdict, development permissions notwithstanding. */
@Timeout(20)
class EgressVectorsTest {
    /** What the names of the corpus mean where they mean anything. */
    private static final Map<String, String> NAMES =
            Map.of(
                    "localhost", "127.0.0.1",
                    "ip6-localhost", "::1",
                    "metadata.google.internal", "169.254.169.254",
                    "metadata", "169.254.169.254",
                    "instance-data", "169.254.169.254");

    static Stream<String> denied() {
        return urls("deny");
    }

    @ParameterizedTest
    @MethodSource("denied")
    void refusesAnAddressThatIsNotPublic(String url) throws InterruptedException {
        assertThat(verdict(url)).isEqualTo(new EgressVerdict.Refused(EgressRefusal.ADDRESS));
    }

    static Stream<String> misspelt() {
        return urls("reject-syntax");
    }

    @ParameterizedTest
    @MethodSource("misspelt")
    void refusesWhatParsersReadDifferently(String url) {
        assertThat(EgressUrl.read(url))
                .isEqualTo(new EgressUrl.Reading.Refused(EgressRefusal.MALFORMED_URL));
    }

    static Stream<String> foreign() {
        return urls("reject-scheme");
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void refusesEverySchemeButHttp(String url) {
        assertThat(EgressUrl.read(url))
                .isEqualTo(new EgressUrl.Reading.Refused(EgressRefusal.SCHEME));
    }

    static Stream<String> open() {
        return urls("classify-public");
    }

    @ParameterizedTest
    @MethodSource("open")
    void permitsAPublicAddress(String url) throws InterruptedException {
        assertThat(verdict(url)).isEqualTo(new EgressVerdict.Permitted());
    }

    @Test
    void knowsEveryVerdictOfTheCorpus() {
        assertThat(vectors().map(it -> it.path("expect").asString()).distinct())
                .containsExactlyInAnyOrder(
                        "deny", "reject-syntax", "reject-scheme", "classify-public");
        assertThat(vectors()).hasSize(83);
    }

    private static EgressVerdict verdict(String url) throws InterruptedException {
        return switch (EgressUrl.read(url)) {
            case EgressUrl.Reading.Refused(var refusal) -> new EgressVerdict.Refused(refusal);
            case EgressUrl.Reading.Accepted(var uri) -> {
                var settings = EgressSettings.standard().withNames(EgressVectorsTest::lookUp);
                try (var egress = EgressClients.open(settings)) {
                    var destination = new Destination("acme/x", uri, EgressTerms.NONE, true);
                    yield Await.one(egress.judge(destination));
                }
            }
        };
    }

    private static List<InetAddress> lookUp(String name) throws UnknownHostException {
        var address = NAMES.get(name);
        if (address == null) {
            throw new UnknownHostException(name);
        }
        return List.of(InetAddress.ofLiteral(address));
    }

    private static Stream<String> urls(String expect) {
        return vectors()
                .filter(it -> it.path("expect").asString().equals(expect))
                .map(it -> it.path("url").asString());
    }

    private static Stream<JsonNode> vectors() {
        var file = "/corpus/ssrf-vectors.jsonl";
        try (var stream = EgressVectorsTest.class.getResourceAsStream(file)) {
            return new String(stream.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> JsonMapper.shared().readTree(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
