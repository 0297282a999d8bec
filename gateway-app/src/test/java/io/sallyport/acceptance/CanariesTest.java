package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.Canaries.Kind;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nothing that somebody sends, answers or keeps secret is where it does not belong: a day's work of
 * a gateway in which every word is one of its own, and then the search for them in the log, the
 * records, their export, the admins' views, the answers and the data folder.
 */
@Timeout(300)
class CanariesTest {
    private static final Kind[] EVERYTHING = Kind.values();

    private static final Canaries CANARIES = new Canaries();
    private static final Scratch SCRATCH = Scratch.make();

    private static PlantedGateway gateway;
    private static String records;
    private static String views;

    @BeforeAll
    static void work() throws IOException, InterruptedException {
        gateway =
                PlantedGateway.start(
                        CANARIES, SCRATCH, PlantedMistakes.profiles(CANARIES, SCRATCH.path()));
        gateway.tenant().toolset("all", "*");
        gateway.tenant()
                .policy(
                        """
                        rules:
                          - {id: no, effect: deny, tools: ["*/never"]}
                          - {id: people, effect: require_approval, tools: ["*/ask"]}
                          - {id: all, effect: allow, tools: ["*/echo", "*/strict", "notes/*"]}
                          - {id: content, effect: allow, resources: ["*"], prompts: ["*"]}
                        """);
        try (var mistakes = new PlantedMistakes(gateway);
                var modern = new PlantedCalls(gateway, true);
                var legacy = new PlantedCalls(gateway, false)) {
            for (var calls : new PlantedCalls[] {modern, legacy}) {
                calls.callThroughEveryFault();
                calls.callInEveryOtherWay();
                assertThat(calls.wasHeard()).isTrue();
            }
            mistakes.registerWhatIsNoServer();
            mistakes.registerWhatSpeaksNoTls();
            mistakes.askOddProviders();
            mistakes.startPrograms();
            mistakes.sendWhatIsNoRequest();
            records = gateway.records();
            views = gateway.views();
        }
        gateway.stop();
    }

    @AfterAll
    static void delete() throws IOException {
        gateway.delete();
    }

    @Test
    void thereWereMoreThanFiveHundred() {
        assertThat(CANARIES.count()).isGreaterThan(500);
        assertThat(records).contains("\"kind\":\"call.outcome\"", "\"kind\":\"chat.response\"");
    }

    /** Of what peers say, {@code peer_text} may have what the renderer leaves; nothing else may. */
    @Test
    void theLogHasNone() throws IOException {
        var log = gateway.log();

        assertThat(CANARIES.in(log, Kind.SECRET, Kind.SENT, Kind.ADDRESS, Kind.REASON)).isEmpty();
        assertThat(CANARIES.in(log.replaceAll(" peer_text=\"[^\n]*", ""), EVERYTHING)).isEmpty();
        assertThat(CANARIES.in(log, Kind.SAID)).as("the search finds what is there").isNotEmpty();
        assertThat(log).contains("call.outcome tenant=canaries", "call.denied tenant=canaries");
    }

    /** Whoever reads a log reads sentences; none of these mistakes is one of the gateway's. */
    @Test
    void theLogHasNoStackTraceAndNothingOfTheLibraries() throws IOException {
        assertThat(gateway.log().lines().filter(it -> it.startsWith("\tat "))).isEmpty();
        assertThat(gateway.log()).doesNotContain("No appenders present", "SQL state null");
    }

    @Test
    void theRecordsAndTheirExportHaveNone() throws IOException {
        for (var told : new String[] {records, gateway.exported()}) {
            assertThat(CANARIES.in(told, Kind.SECRET, Kind.SENT, Kind.SAID, Kind.ADDRESS))
                    .isEmpty();
            assertThat(CANARIES.in(told, Kind.REASON)).as("reasons are recorded").isNotEmpty();
        }
    }

    /** A URL is shown where it was set, and a peer's words as what it last said. */
    @Test
    void theViewsOfAdminsHaveNoneButInUrlsAndErrors() {
        assertThat(CANARIES.in(views, Kind.SECRET, Kind.SENT)).isEmpty();
        assertThat(CANARIES.in(views.replaceAll("\"(?:base_)?url\":\"[^\"]*\"", ""), Kind.ADDRESS))
                .isEmpty();
    }

    @Test
    void noAnswerToAnAgentHasASecretOfAnybodyElse() {
        assertThat(gateway.answers())
                .filteredOn(it -> !CANARIES.in(it, Kind.SECRET, Kind.ADDRESS).isEmpty())
                .isEmpty();
        assertThat(CANARIES.in(String.join(" ", gateway.answers()), Kind.SENT)).isNotEmpty();
    }

    @Test
    void theDataFolderHasNoSecretAndNothingThatWasSent() throws IOException {
        assertThat(gateway.atRest(Kind.SECRET, Kind.SENT)).isEmpty();
    }
}
