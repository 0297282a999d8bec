package io.sallyport.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.threads.Await;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

@Timeout(20)
class EgressClientTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final EgressSettings STANDARD = EgressSettings.standard();

    private FakeMcpServer server;

    @BeforeEach
    void start() throws Exception {
        server = FakeMcpServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void reachesWhatAnExceptionPermits() throws Exception {
        assertThat(send(STANDARD, server.destination())).isEqualTo(200);
    }

    @Test
    void refusesALoopbackAddressWithoutException() {
        assertRefused(STANDARD, plain("127.0.0.1", true), EgressRefusal.ADDRESS);
    }

    @Test
    void bindsAnExceptionToItsPort() {
        var other = "127.0.0.1/32:" + (server.port() == 1 ? 2 : 1);
        assertRefused(STANDARD, plain("127.0.0.1", true, other), EgressRefusal.ADDRESS);
    }

    @Test
    void bindsAnExceptionToItsAddresses() {
        assertRefused(STANDARD, plain("127.0.0.2", true, exception()), EgressRefusal.ADDRESS);
    }

    @Test
    void refusesPlainHttpOutsideOfDevelopment() {
        assertRefused(STANDARD, plain("127.0.0.1", false, exception()), EgressRefusal.SCHEME);
    }

    @Test
    void refusesPlainHttpToAnAddressThatIsNotLoopback() {
        var destination = plain("10.0.0.1", true, "10.0.0.0/8:" + server.port());
        assertRefused(STANDARD, destination, EgressRefusal.SCHEME);
    }

    /** Use 22. */
    @Test
    void speaksPlainHttpWhereThatWasPermitted() throws Exception {
        assertThat(send(STANDARD, plainly("127.0.0.1", exception()))).isEqualTo(200);
    }

    @Test
    void permitsPlainHttpToNoOtherAddress() {
        NameLookup two = _ -> List.of(LOOPBACK, InetAddress.ofLiteral("10.0.0.1"));

        assertRefused(STANDARD, plainly("127.0.0.2", exception()), EgressRefusal.ADDRESS);
        assertRefused(STANDARD, plainly("127.0.0.1"), EgressRefusal.ADDRESS);
        assertRefused(
                STANDARD.withNames(two), plainly("tools.test", exception()), EgressRefusal.ADDRESS);
    }

    @Test
    void speaksPlainHttpToNoPublicAddressWhateverIsPermitted() {
        NameLookup mixed = _ -> List.of(LOOPBACK, InetAddress.ofLiteral("1.1.1.1"));
        var both = new String[] {exception(), "1.1.1.1/32:" + server.port()};

        assertRefused(STANDARD, plainly("1.1.1.1", both), EgressRefusal.SCHEME);
        assertRefused(STANDARD, plainly("1.1.1.1"), EgressRefusal.SCHEME);
        assertRefused(STANDARD.withNames(mixed), plainly("tools.test", both), EgressRefusal.SCHEME);
    }

    private Destination plainly(String host, String... allow) {
        var terms = new EgressTerms(List.of(allow), true, false, "");
        return new Destination("acme/tools", uri(host), terms, false);
    }

    private URI uri(String host) {
        return URI.create("http://" + host + ":" + server.port() + "/mcp");
    }

    @Test
    void refusesOurOwnListenersWhateverIsPermitted() {
        var settings = STANDARD.withOwnPort(port -> port == server.port());
        assertRefused(settings, server.destination(), EgressRefusal.OWN_LISTENER);
    }

    @Test
    void dialsTheAddressThatWasJudgedAndAsksOnce() throws Exception {
        var asked = new AtomicInteger();
        NameLookup changing =
                _ ->
                        asked.getAndIncrement() == 0
                                ? List.of(LOOPBACK)
                                : List.of(InetAddress.ofLiteral("127.0.0.99"));
        var destination = plain("tools.test", true, exception());
        assertThat(send(STANDARD.withNames(changing), destination)).isEqualTo(200);
        assertThat(asked).hasValue(1);
        assertThat(server.received().getFirst().headers().get("Host"))
                .containsExactly("tools.test:" + server.port());
    }

    @Test
    void refusesANameOfWhichOneAddressIsNotPermitted() {
        NameLookup two = _ -> List.of(LOOPBACK, InetAddress.ofLiteral("10.0.0.1"));
        var destination = plain("tools.test", true, exception());
        assertRefused(STANDARD.withNames(two), destination, EgressRefusal.ADDRESS);
    }

    @Test
    void holdsAnUnknownNameForNotSent() {
        NameLookup none =
                name -> {
                    throw new UnknownHostException(name);
                };
        var settings = STANDARD.withNames(none);
        assertThatThrownBy(() -> send(settings, plain("tools.test", true)))
                .isInstanceOfSatisfying(
                        EgressFailure.ConnectFailed.class,
                        failure -> {
                            assertThat(failure.sent()).isFalse();
                            assertThat(failure).hasMessageNotContaining("tools.test");
                        });
    }

    @Test
    void holdsARequestThatWaitedForAConnectionForNotSent() throws Exception {
        var over = new CountDownLatch(1);
        server.answering(_ -> over.await(20, TimeUnit.SECONDS));
        try (var egress = EgressClients.open(STANDARD.withLimits(new EgressLimits(1, 1, 1)))) {
            var first = egress.send(ping(server.destination())).toFuture();
            server.await("ping", 1);
            var second = ping(server.destination(), Duration.ofMillis(200));
            assertThatThrownBy(() -> Await.one(egress.send(second)))
                    .isInstanceOfSatisfying(
                            EgressFailure.TimedOut.class,
                            late -> assertThat(late.sent()).isFalse());
            first.cancel(true);
        }
        over.countDown();
        assertThat(server.received()).hasSize(1);
    }

    /** R3: what we do not even try is not told as what we could not reach. */
    @Test
    void tellsOurOwnLimitFromAServerThatCannotBeReached() throws Exception {
        var over = new CountDownLatch(1);
        server.answering(turn -> {
            over.await(20, TimeUnit.SECONDS);
            turn.exchange().sendResponseHeaders(202, -1);
        });
        try (var egress = EgressClients.open(STANDARD.withLimits(new EgressLimits(1, 1, 1)))) {
            var first = egress.send(ping(server.destination())).toFuture();
            var second = egress.send(ping(server.destination())).toFuture();
            server.await("ping", 1);

            assertThatThrownBy(() -> Await.one(egress.send(ping(server.destination()))))
                    .isInstanceOfSatisfying(
                            EgressFailure.LimitReached.class,
                            it -> assertThat(it.sent()).isFalse());

            over.countDown();
            Await.one(Mono.fromFuture(first).flatMap(EgressReply::bytes));
            Await.one(Mono.fromFuture(second).flatMap(EgressReply::bytes));
            Await.one(egress.send(ping(server.destination())).flatMap(EgressReply::bytes));
        }
        assertThat(server.received()).hasSize(3);
    }

    @Test
    void takesNoProxyFromItsSurroundings() throws Exception {
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", "1");
        System.setProperty("http.nonProxyHosts", "");
        try {
            assertThat(send(STANDARD, server.destination())).isEqualTo(200);
        } finally {
            System.clearProperty("http.proxyHost");
            System.clearProperty("http.proxyPort");
            System.clearProperty("http.nonProxyHosts");
        }
    }

    private static int send(EgressSettings settings, Destination destination)
            throws InterruptedException {
        try (var egress = EgressClients.open(settings)) {
            return Await.one(egress.send(ping(destination)).flatMap(EgressClientTest::status));
        }
    }

    private static reactor.core.publisher.Mono<Integer> status(EgressReply reply) {
        return reply.bytes().map(_ -> reply.status());
    }

    private static EgressRequest ping(Destination destination) {
        return ping(destination, Duration.ofSeconds(10));
    }

    private static EgressRequest ping(Destination destination, Duration timeout) {
        var body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}".getBytes(UTF_8);
        return new EgressRequest(destination, "POST", List.of(), body, timeout, 10_000);
    }

    private void assertRefused(
            EgressSettings settings, Destination destination, EgressRefusal refusal) {
        try (var egress = EgressClients.open(settings)) {
            assertThatThrownBy(() -> Await.one(egress.send(ping(destination))))
                    .isInstanceOfSatisfying(
                            EgressFailure.Denied.class,
                            denied -> assertThat(denied.refusal()).isEqualTo(refusal));
            assertThat(egress.judge(destination).toFuture())
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(new EgressVerdict.Refused(refusal));
        }
        assertThat(server.received()).isEmpty();
    }

    private String exception() {
        return "127.0.0.1/32:" + server.port();
    }

    private Destination plain(String host, boolean loopbackHttp, String... allow) {
        return new Destination(
                "acme/tools", uri(host), EgressTerms.allowing(List.of(allow)), loopbackHttp);
    }
}
