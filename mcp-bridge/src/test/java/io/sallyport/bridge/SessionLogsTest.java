package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.JsonText;
import io.sallyport.threads.Await;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Logs on the session's own stream that come when no call is open, or late for one that was. */
class SessionLogsTest extends UpstreamTest {
    private static final String LOG = "notifications/message";

    private final Standing ada = new Standing();
    private final CountDownLatch over = new CountDownLatch(1);
    private final BlockingQueue<Side> sides = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        over.countDown();
    }

    /** Somebody who hears a session for as long as he likes. */
    private static final class Standing implements SessionListener, UpstreamListener {
        private final BlockingQueue<String> logs = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> ofCalls = new LinkedBlockingQueue<>();
        private volatile boolean listening = true;

        @Override
        public boolean isListening() {
            return listening;
        }

        @Override
        public void logged(JsonNode params) {
            logs.add(JsonText.text(params));
        }

        @Override
        public Optional<SessionListener> beyond() {
            return Optional.of(this);
        }

        @Override
        public void notified(String method, JsonNode params) {
            ofCalls.add(JsonText.text(params));
        }

        @Override
        public void refused(String method) {
            throw new AssertionError(method);
        }

        String next() throws InterruptedException {
            var log = logs.poll(10, TimeUnit.SECONDS);
            assertThat(log).isNotNull();
            return log;
        }
    }

    private record Side(Turn turn, OutputStream stream) {
        void log(String data) throws Exception {
            turn.tell(stream, LOG, "{\"level\":\"info\",\"data\":\"" + data + "\"}");
        }
    }

    /** Keeps the session's stream open. */
    private void listen(Turn turn) throws Exception {
        var stream = turn.stream();
        stream.flush();
        sides.add(new Side(turn, stream));
        over.await(20, TimeUnit.SECONDS);
    }

    private Side side() throws InterruptedException {
        var side = sides.poll(10, TimeUnit.SECONDS);
        assertThat(side).isNotNull();
        return side;
    }

    private void call(String principal, UpstreamListener listener) throws InterruptedException {
        assertThat(Await.one(upstream.call(request(of(principal, listener)))))
                .isInstanceOf(UpstreamReply.Result.class);
    }

    private static Envelope of(String principal, UpstreamListener listener) {
        var logging = logging("debug", listener);
        return new Envelope(
                principal,
                logging.name(),
                logging.capabilities(),
                false,
                logging.logLevel(),
                List.of(),
                listener,
                Optional.empty());
    }

    private static String data(String text) {
        return "{\"level\":\"info\",\"data\":\"" + text + "\"}";
    }

    /** Whatever was told before the ping has been heard when it is answered. */
    private void settle(Side side) throws Exception {
        int before = server.received("response").size();
        side.turn().ask(side.stream(), "p", "ping", "{}");
        server.await("response", before + 1);
    }

    @Test
    void areHeardOnceByWhoeverMadeCallsThere() throws Exception {
        server.listening(this::listen);
        for (int call = 0; call < 3; call++) {
            call("ada", ada);
        }
        var side = side();
        side.log("one");
        side.log("two");
        assertThat(ada.next()).isEqualTo(data("one"));
        assertThat(ada.next()).isEqualTo(data("two"));
        assertThat(ada.ofCalls).isEmpty();
    }

    @Test
    void areHeardThereAndNotTwiceWhileACallIsOpen() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    var side = side();
                    side.log("meanwhile");
                    settle(side);
                    turn.result("{}");
                });
        call("ada", ada);
        assertThat(ada.next()).isEqualTo(data("meanwhile"));
        assertThat(ada.ofCalls).isEmpty();
    }

    @Test
    void areNobodyElses() throws Exception {
        var bob = new Standing();
        server.listening(this::listen);
        call("ada", ada);
        var ofAda = side();
        call("bob", bob);
        var ofBob = side();
        ofAda.log("ada");
        ofBob.log("bob");
        assertThat(ada.next()).isEqualTo(data("ada"));
        assertThat(bob.next()).isEqualTo(data("bob"));
        settle(ofAda);
        settle(ofBob);
        assertThat(ada.logs).isEmpty();
        assertThat(bob.logs).isEmpty();
    }

    @Test
    void areNotHeardByWhoeverListensNoMore() throws Exception {
        var other = new Standing();
        server.listening(this::listen);
        call("ada", ada);
        call("ada", other);
        ada.listening = false;
        var side = side();
        side.log("late");
        assertThat(other.next()).isEqualTo(data("late"));
        assertThat(ada.logs).isEmpty();
    }

    /** Whose they are nobody knows: they may be those of the call that was given up. */
    @Test
    void ofACallThatWasLateAreNoOtherCalls() throws Exception {
        var other = new Heard();
        server.listening(this::listen);
        call("ada", other); // the session is open, so that the next one leaves
        server.answering(_ -> over.await(20, TimeUnit.SECONDS));
        var brief = request(of("ada", ada), Duration.ofMillis(300));
        assertThat(Await.one(upstream.call(brief)))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        var side = side();
        server.answering(turn -> {
            side.log("late");
            settle(side);
            turn.result("{}");
        });
        call("ada", other);
        assertThat(other.all()).isEmpty();
        assertThat(ada.next()).isEqualTo(data("late"));
    }

    @Test
    void areBoundedHoweverManyComeAtOnce() throws Exception {
        server.listening(this::listen);
        call("ada", ada);
        var side = side();
        var began = System.nanoTime();
        for (int log = 0; log < 5_000; log++) {
            side.log("x");
        }
        settle(side);
        var seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 2;
        assertThat(ada.logs).hasSizeLessThanOrEqualTo((int) (1_000 * seconds));
    }

    @Test
    void areHeardByAHundredAtMost() throws Exception {
        server.listening(this::listen);
        for (int listener = 0; listener < 100; listener++) {
            call("ada", new Standing());
        }
        call("ada", ada);
        var side = side();
        side.log("x");
        settle(side);
        assertThat(ada.logs).isEmpty();
    }

    @Test
    void goOnWhereAStreamWasCut() throws Exception {
        server.listening(
                        turn -> {
                            var stream = turn.stream();
                            stream.write("id: e-7\ndata:\n\n".getBytes(UTF_8));
                            stream.flush();
                            turn.cut();
                        })
                .answering(turn -> {
                    if (turn.request().method().equals("GET")) {
                        listen(turn);
                    } else {
                        turn.result("{}");
                    }
                });
        call("ada", ada);
        var side = side();
        assertThat(side.turn().request().header("Last-event-id")).isEqualTo("e-7");
        side.log("again");
        assertThat(ada.next()).isEqualTo(data("again"));
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 404, 501})
    void areNotMissedWhereThereIsNoSuchStream(int status) throws Exception {
        server.listening(turn -> turn.status(status));
        call("ada", ada);
        call("ada", ada);
        assertThat(server.received("initialize")).hasSize(1);
        assertThat(ada.logs).isEmpty();
    }
}
