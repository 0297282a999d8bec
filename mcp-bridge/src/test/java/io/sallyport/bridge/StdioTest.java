package io.sallyport.bridge;

import static io.sallyport.bridge.UpstreamTest.failed;
import static io.sallyport.bridge.UpstreamTest.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.catalog.JsonText;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server that is a process of ours. */
@Timeout(60)
class StdioTest {
    private static final String CRUEL = "a b;$(touch x) \"q\" *";

    @TempDir Path cwd;

    private final Heard heard = new Heard();
    private McpUpstream upstream;

    @BeforeEach
    void launch() {
        upstream =
                McpUpstreams.launch(
                        new LaunchProfile(argv(), cwd, Map.of("ONLY", "this")), new Semaphore(64));
    }

    /** The server of these tests, without any environment. */
    static McpUpstream launch(Path cwd) {
        return McpUpstreams.launch(new LaunchProfile(argv(), cwd, Map.of()), new Semaphore(64));
    }

    static List<String> argv() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes = Path.of("target", "test-classes").toAbsolutePath().toString();
        var name = TinyStdioServer.class.getName();
        return List.of(java, "-XX:TieredStopAtLevel=1", "-cp", classes, name, CRUEL);
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    @Test
    void keepsTheTreesOfTheServer() throws Exception {
        assertThat(Await.one(upstream.probe()).serverInfo().path("name").asString())
                .isEqualTo("tiny");
        var tools = Await.one(upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED));
        assertThat(JsonText.text(tools.getFirst())).isEqualTo("{\"name\":\"a\",\"x-new\":1.10}");
        assertThat(Await.one(upstream.list(ListKind.PROMPTS, AnswerRoom.UNCOUNTED))).isEmpty();
        assertThat(JsonText.text(result("echo")))
                .isEqualTo("{\"n\":1.10,\"big\":12345678901234567890.5,\"unknown\":{\"a\":1}}");
    }

    @Test
    void startsExactlyWhatTheProfileSays() throws Exception {
        assertThat(result("world").path("world").asString())
                .isEqualTo(CRUEL + "|{ONLY=this}|" + cwd.toRealPath());
        assertThat(cwd).isEmptyDirectory();
    }

    @Test
    void drainsWhatTheServerLogs() throws Exception {
        assertThat(call("noise")).isInstanceOf(UpstreamReply.Result.class);
    }

    @Test
    void startsAServerThatDiedAgainForTheNextCall() throws Exception {
        assertThat(call("die")).isEqualTo(failed(UpstreamFailure.UNREACHABLE, true));
        assertThat(call("echo")).isInstanceOf(UpstreamReply.Result.class);
    }

    /** B3. */
    @Test
    void skipsNonsenseAndLetsNoCallSufferFromIt() throws Exception {
        var own = result("spawn").path("own").asLong();
        var open = upstream.call(request("late", "ada", 10_000)).toFuture();
        assertThat(call("garbage")).isInstanceOf(UpstreamReply.Result.class);
        assertThat(open.get()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(result("spawn").path("own").asLong()).isEqualTo(own);
        assertThat(upstream.words().strays()).contains("Welcome!", "{nothing");
    }

    @Test
    void endsTheServerAndItsChildren() throws Exception {
        var pids = result("spawn");
        var family = new ArrayList<ProcessHandle>();
        for (var pid : List.of("pid", "own")) {
            ProcessHandle.of(pids.path(pid).asLong()).ifPresent(family::add);
        }
        assertThat(family).hasSize(2);
        upstream.close();
        for (var process : family) {
            process.onExit().get(20, TimeUnit.SECONDS);
        }
        assertThat(call("echo")).isEqualTo(failed(UpstreamFailure.UNREACHABLE, false));
    }

    @Test
    void givesEachPrincipalAProcessOfItsOwn() throws Exception {
        var one = result("spawn").path("own").asLong();
        var again = result("spawn").path("own").asLong();
        var other = Await.one(upstream.call(request("spawn", "bob", 10_000)));
        assertThat(again).isEqualTo(one);
        assertThat(((UpstreamReply.Result) other).result().path("own").asLong()).isNotEqualTo(one);
    }

    @Test
    void tellsTheServerThatACallIsLateAndHearsOfChanges() throws Exception {
        try (var changes = Await.items(upstream.changes(ChangeSubscription.ofLists()), 8)) {
            assertThat(Await.one(upstream.call(request("sleep", "", 2_000))))
                    .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
            assertThat(changes.next()).contains(new ServerChange.OfList(ListKind.TOOLS));
        }
    }

    @Test
    void refusesWhatTheServerAsksAndPassesItsProgressOn() throws Exception {
        assertThat(call("ask")).isInstanceOf(UpstreamReply.Result.class);
        assertThat(heard.all())
                .containsExactly("refused roots/list", "notifications/progress {\"progress\":1}");
    }

    /** The process of a server without state is everybody's, and a late call may still run. */
    @Test
    void hearsNoLogMessageThatMayBeAnotherCalls() throws Exception {
        Await.one(upstream.call(request("log", "", 10_000)));
        assertThat(heard.all()).isEmpty();
        call("log");
        assertThat(heard.all()).containsExactly("notifications/message {\"level\":\"info\"}");
        assertThat(Await.one(upstream.call(request("sleep", "ada", 500))))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        assertThat(call("log")).isInstanceOf(UpstreamReply.Result.class);
        assertThat(heard.all()).hasSize(1);
    }

    @Test
    void failsWhereThereIsNoSuchProgram() {
        var profile = new LaunchProfile(List.of("/no/such/program"), cwd, Map.of());
        try (var missing = McpUpstreams.launch(profile, new Semaphore(64))) {
            assertThatThrownBy(() -> Await.one(missing.probe()))
                    .isInstanceOfSatisfying(
                            UpstreamException.class,
                            it -> assertThat(it.failure()).isEqualTo(UpstreamFailure.UNREACHABLE));
        }
    }

    @Test
    void searchesNoPathForTheProgramAndHidesItsSecrets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LaunchProfile(List.of("java"), cwd, Map.of()));
        assertThat(new LaunchProfile(List.of("/bin/x", "s3cret"), cwd, Map.of("KEY", "s3cret")))
                .hasToString("LaunchProfile[/bin/x]");
    }

    private UpstreamReply call(String act) throws InterruptedException {
        return Await.one(upstream.call(request(act, "ada", 10_000)));
    }

    private JsonNode result(String act) throws InterruptedException {
        return ((UpstreamReply.Result) call(act)).result();
    }

    private UpstreamRequest request(String act, String principal, long millis) {
        var envelope =
                new Envelope(
                        principal,
                        Optional.empty(),
                        json("{}"),
                        true,
                        Optional.empty(),
                        List.of(),
                        heard,
                        Optional.empty());
        var params = ("{\"act\":\"" + act + "\"}").getBytes(UTF_8);
        return new UpstreamRequest(
                "tools/call", params, envelope, Duration.ofMillis(millis), 100_000);
    }
}
