package io.sallyport.bridge;

import static io.sallyport.bridge.UpstreamTest.failed;
import static io.sallyport.bridge.UpstreamTest.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A server that is a process of ours, and stops reading, breaks or ends when nobody asked it to.
 */
@Timeout(60)
class StdioEndTest {
    private static final int MEGABYTE = 1024 * 1024;

    /** Says which process it is, whatever it is asked; no JVM, so that many can run. */
    private static final String SHELL =
            """
            while read -r line; do
              id=${line#*'"id":'}; id=${id%%,*}
              case $line in
                *'"initialize"'*) r='{"protocolVersion":"2025-11-25","capabilities":{},\
            "serverInfo":{"name":"sh","version":"1"}}';;
                *) r='{"own":'$$'}';;
              esac
              case $line in *'"id":'*) echo '{"jsonrpc":"2.0","id":'$id',"result":'$r'}';; esac
            done
            """;

    @TempDir Path cwd;

    private McpUpstream upstream;

    @BeforeEach
    void launch() {
        upstream = StdioTest.launch(cwd);
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    @Test
    void keepsNoMoreThan16MegabytesForAServerThatReadsNothing() throws Exception {
        assertThat(call("deaf")).isInstanceOf(UpstreamReply.Result.class);
        for (int call = 0; call < 20; call++) {
            Await.nothing(upstream.call(request("sleep", "ada", 30_000, MEGABYTE)));
        }
        assertThat(Await.one(upstream.call(request("sleep", "ada", 5_000, MEGABYTE))))
                .isEqualTo(failed(UpstreamFailure.UNREACHABLE, false));
    }

    @Test
    void keepsNothingOfCallsThatNobodyWaitsForAndKnowsThatTheyWereNotSent() throws Exception {
        assertThat(call("deaf")).isInstanceOf(UpstreamReply.Result.class);
        var first = Await.one(upstream.call(request("sleep", "ada", 500, MEGABYTE)));
        assertThat(first).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        for (int call = 0; call < 20; call++) {
            assertThat(Await.one(upstream.call(request("sleep", "ada", 20, MEGABYTE))))
                    .isEqualTo(failed(UpstreamFailure.TIMED_OUT, false));
        }
        for (int call = 0; call < 20; call++) {
            upstream.call(request("sleep", "ada", 30_000, MEGABYTE)).toFuture().cancel(true);
        }
        assertThat(Await.one(upstream.call(request("sleep", "ada", 20, MEGABYTE))))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, false));
    }

    /** Also while its caller tries again and again; the new one is another process. */
    @Test
    void oneThatSaysNothingAnyMoreIsStartedAnew() throws Exception {
        var hung = process();
        assertThat(call("deaf")).isInstanceOf(UpstreamReply.Result.class);

        var tries = 0;
        var answer = Await.one(upstream.call(request("spawn", "ada", 1_000, 1)));
        while (!(answer instanceof UpstreamReply.Result) && ++tries < 40) {
            answer = Await.one(upstream.call(request("spawn", "ada", 1_000, 1)));
        }

        assertThat(answer).isInstanceOf(UpstreamReply.Result.class);
        assertThat(process()).isNotEqualTo(hung);
    }

    /** Slow is not hung: it still answers a ping. */
    @Test
    void oneThatIsSlowIsLeftToItsWork() throws Exception {
        var slow = process();

        for (int millis : new int[] {500, 17_000}) {
            assertThat(Await.one(upstream.call(request("sleep", "ada", millis, 1))))
                    .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        }

        assertThat(process()).isEqualTo(slow);
    }

    /** What somebody waits for, and may wait for, is not ended with what nobody waits for. */
    @Test
    void aLongCallThatWasMadeBeforeIsWaitedFor() throws Exception {
        assertThat(call("deaf")).isInstanceOf(UpstreamReply.Result.class);
        var longer = upstream.call(request("sleep", "ada", 22_000, 1)).toFuture();
        assertThat(Await.one(upstream.call(request("sleep", "ada", 500, 1))))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));

        assertThat(longer.get()).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
    }

    private String process() throws InterruptedException {
        return result(upstream, "spawn", "ada").path("own").asString();
    }

    @Test
    void aCallThatStillWaitedWhenTheServerEndedWasNotSent() throws Exception {
        assertThat(call("deaf")).isInstanceOf(UpstreamReply.Result.class);
        var written = upstream.call(request("sleep", "ada", 30_000, MEGABYTE)).toFuture();
        Await.one(upstream.call(request("sleep", "ada", 500, 1))); // the other is being written
        var waiting = upstream.call(request("sleep", "ada", 30_000, 1)).toFuture();
        upstream.close();
        assertThat(written.get()).isEqualTo(failed(UpstreamFailure.UNREACHABLE, true));
        assertThat(waiting.get()).isEqualTo(failed(UpstreamFailure.UNREACHABLE, false));
    }

    @Test
    void isStartedAgainThoughSomebodyHoldsTheStreamsOfTheDeadOne() throws Exception {
        assertThat(call("orphan")).isEqualTo(failed(UpstreamFailure.UNREACHABLE, true));
        assertThat(call("echo")).isInstanceOf(UpstreamReply.Result.class);
    }

    /**
     * Nobody is left to wait for a dead one, whoever else holds its streams and says there what.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 30 </dev/null >/dev/null & exit 3",
                "sleep 30 & exit 0",
                "sleep 30 2>/dev/null & kill -9 $$",
                "while sleep 0.1; do echo more; echo more >&2; done & exit 0"
            })
    void aDeadOneLeavesNoThreadAndKeepsNoPlace(String leaving) throws Exception {
        var before = threads();
        var leave = "  case $line in *'\"leave\"'*) " + leaving + ";; esac\n";
        var script = SHELL.replace("  id=${line", leave + "  id=${line");
        var profile =
                new LaunchProfile(
                        List.of("/bin/sh", "-c", script), cwd, Map.of("PATH", "/bin:/usr/bin"));
        var room = new Semaphore(1);
        try (var daemon = McpUpstreams.launch(profile, room)) {
            result(daemon, "echo", "ada");
            var own = threads();
            own.removeAll(before);
            assertThat(own).extracting(Thread::getName).contains("stdio-reader", "stdio-log");
            assertThat(Await.one(daemon.call(request("leave", "ada", 10_000, 1))))
                    .isEqualTo(failed(UpstreamFailure.UNREACHABLE, true));
            for (var thread : own) {
                assertThat(thread.join(Duration.ofSeconds(10))).as(thread.getName()).isTrue();
            }
            assertThat(room.availablePermits()).isEqualTo(1);
            result(daemon, "echo", "ada");
        }
    }

    @Test
    void oneThatOnlyLeavesAChildBehindKeepsNoPlace() throws Exception {
        var profile =
                new LaunchProfile(
                        List.of("/bin/sh", "-c", "/bin/sleep 30 & exit 0"), cwd, Map.of());
        var room = new Semaphore(1);
        try (var daemon = McpUpstreams.launch(profile, room)) {
            assertThatThrownBy(() -> Await.one(daemon.probe()))
                    .isInstanceOf(UpstreamException.class);
            assertThat(room.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.getName().startsWith("stdio-"))
                .collect(Collectors.toSet());
    }

    @Test
    void isEndedWhereReadingItBreaks() throws Exception {
        var listener = new Broken();
        assertThat(Await.one(upstream.call(request("ask", listener))))
                .isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(call("echo")).isInstanceOf(UpstreamReply.Result.class);
    }

    private static final class Broken implements UpstreamListener {
        @Override
        public void notified(String method, JsonNode params) {}

        @Override
        public void refused(String method) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void theChildrenOfACrashedServerEndToo() throws Exception {
        var spawned = result(upstream, "spawn", "ada");
        var child = ProcessHandle.of(spawned.path("pid").asLong()).orElseThrow();
        Await.one(upstream.call(request("sleep", "ada", 4_000, 1))); // it is looked at meanwhile
        assertThat(call("orphan")).isEqualTo(failed(UpstreamFailure.UNREACHABLE, true));
        child.onExit().get(20, TimeUnit.SECONDS);
    }

    @Test
    void whoHearsOfChangesHearsOfTheEndEvenDuringAChange() throws Exception {
        Await.one(upstream.probe());
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var changes =
                upstream.changes(ChangeSubscription.ofLists())
                        .doOnNext(_ -> held(inside, goOn))
                        .then()
                        .toFuture();
        Await.nothing(upstream.call(request("change", "", 30_000, 1)));
        inside.await();
        var closing = Thread.ofVirtual().start(upstream::close);
        closing.join(Duration.ofSeconds(1));
        goOn.countDown();
        assertThatThrownBy(() -> changes.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UpstreamException.class);
    }

    private static void held(CountDownLatch inside, CountDownLatch goOn) {
        inside.countDown();
        try {
            goOn.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theProcessInWhichTheGatewayListsMakesNoRoomForOthers() throws Exception {
        var profile = new LaunchProfile(List.of("/bin/sh", "-c", SHELL), cwd, Map.of());
        try (var many = McpUpstreams.launch(profile, new Semaphore(64))) {
            var own = result(many, "echo", "");
            for (int principal = 0; principal < 40; principal++) {
                assertThat(result(many, "echo", "p" + principal)).isNotEqualTo(own);
            }
            assertThat(result(many, "echo", "")).isEqualTo(own);
        }
    }

    @Test
    void aTenantHasSoManyProcessesWhateverServersItHas() throws Exception {
        var profile = new LaunchProfile(List.of("/bin/sh", "-c", SHELL), cwd, Map.of());
        var room = new Semaphore(1);
        try (var other = McpUpstreams.launch(profile, room)) {
            try (var one = McpUpstreams.launch(profile, room)) {
                result(one, "echo", "ada");
                assertThat(Await.one(other.call(request("echo", "ada", 10_000, 1))))
                        .isEqualTo(failed(UpstreamFailure.OVER_LIMIT, false));
            }
            assertThat(room.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            room.release();
            result(other, "echo", "ada");
        }
    }

    private UpstreamReply call(String act) throws InterruptedException {
        return Await.one(upstream.call(request(act, "ada", 10_000, 1)));
    }

    private static JsonNode result(McpUpstream from, String act, String principal)
            throws InterruptedException {
        var reply = Await.one(from.call(request(act, principal, 10_000, 1)));
        return ((UpstreamReply.Result) reply).result();
    }

    private static UpstreamRequest request(String act, String principal, long millis, int fill) {
        return request(act + "\",\"fill\":\"" + "x".repeat(fill), principal, millis, new Heard());
    }

    private static UpstreamRequest request(String act, UpstreamListener listener) {
        return request(act, "ada", 10_000, listener);
    }

    private static UpstreamRequest request(
            String act, String principal, long millis, UpstreamListener listener) {
        var envelope =
                new Envelope(
                        principal,
                        Optional.empty(),
                        json("{}"),
                        true,
                        Optional.empty(),
                        List.of(),
                        listener,
                        Optional.empty());
        var params = ("{\"act\":\"" + act + "\"}").getBytes(UTF_8);
        return new UpstreamRequest(
                "tools/call", params, envelope, Duration.ofMillis(millis), 100_000);
    }
}
