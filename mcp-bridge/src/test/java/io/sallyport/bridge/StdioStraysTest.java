package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs write beside their messages, on either of their streams. */
@Timeout(60)
class StdioStraysTest {
    /** Greets, and then does what {@code ANSWER} says for each request, whose id is {@code $id}. */
    private static final String PROGRAM =
            """
            BEFORE
            while read -r line; do
              id=${line#*'"id":'}; id=${id%%,*}
              case $line in
                *'"initialize"'*) printf '%s\\n' '{"jsonrpc":"2.0","id":'$id',"result":\
            {"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"sh"}}}';;
                *'"id":'*) ANSWER;;
              esac
            done
            """;

    private static final String RESULT =
            "printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}}\\n' $id";

    @TempDir Path cwd;

    private McpUpstream launch(String before, String answer) {
        var program = PROGRAM.replace("BEFORE", before).replace("ANSWER", answer);
        return McpUpstreams.launch(
                new LaunchProfile(List.of("/bin/sh", "-c", program), cwd, Map.of()),
                new Semaphore(64));
    }

    private static UpstreamReply call(McpUpstream upstream) throws InterruptedException {
        return Await.one(
                upstream.call(
                        new UpstreamRequest(
                                "tools/call",
                                "{}".getBytes(UTF_8),
                                Envelope.plain("ada"),
                                Duration.ofSeconds(20),
                                100_000)));
    }

    /** B3: the program goes on, and so do its calls. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"level\":\"info\",\"msg\":\"listening\"}",
                "{ text }",
                "{\"a\":1,\"a\":2}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"x\"}}",
                "[info] ready",
                "{\"jsonrpc\":\"2.0\",\"id\":\"zz\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}",
                "{\"id\":1,\"msg\":\"done\",\"result\":{\"rows\":3}}",
                "{\"jsonrpc\":\"2.0\"",
                "\"text\"",
                "npm warn deprecated"
            })
    void skipsALineThatIsNoMessage(String line) throws Exception {
        var say = "printf '%s\\n' '" + line + "'";
        try (var upstream = launch(say, say + "; " + RESULT)) {
            assertThat(call(upstream)).isInstanceOf(UpstreamReply.Result.class);
            assertThat(call(upstream)).isInstanceOf(UpstreamReply.Result.class);
            var words = upstream.words();
            assertThat(words.strays()).containsOnly(line).hasSize(3);
            assertThat(words.skipped()).isEqualTo(3);
        }
    }

    /** B3 and B7: how programs write a message. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "printf '\\357\\273\\277{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}}\\n' $id",
                "printf '{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"result\":{}}\\r\\n' $id",
                "printf '  {\"jsonrpc\":\"2.0\",\"id\":%s.0,\"result\":{},\"error\":null}\\n' $id",
                "printf '\\n\\n{\"id\":%s,\"method\":null,\"result\":{},\"jsonrpc\":\"2.0\"}\\n' $id",
                "printf '{\"id\":%s,\"result\":{}}\\n' $id",
                "printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"\",\"result\":{}}\\n' $id",
                "printf '{\"error\":null,\"result\":{},\"id\":\"%s\",\"method\":\"\"}\\n' $id",
                "printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"t\":\"\\377\"}}\\n' $id"
            })
    void takesAnAnswerHoweverItIsWritten(String answer) throws Exception {
        try (var upstream = launch("", answer)) {
            assertThat(call(upstream)).isInstanceOf(UpstreamReply.Result.class);
            assertThat(upstream.words().strays()).isEmpty();
        }
    }

    /** A7's sibling: the last line of a program that ends has no end. */
    @Test
    void takesTheLastLineWithoutItsEnd() throws Exception {
        var last = "printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}}' $id; exit 0";
        try (var upstream = launch("", last)) {
            assertThat(call(upstream)).isInstanceOf(UpstreamReply.Result.class);
        }
    }

    /** B7: an answer to our id that is none fails that call, and no other. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"result\":[]",
                "\"error\":\"x\"",
                "\"result\":null",
                "\"x\":1",
                "\"method\":\"tools/call\",\"result\":{}",
                "\"method\":\"\",\"result\":7"
            })
    void failsOnlyTheCallWhoseAnswerIsNone(String members) throws Exception {
        var answer =
                "if [ -z \"$n\" ]; then n=1; printf '{\"jsonrpc\":\"2.0\",\"id\":%s,"
                        + members
                        + "}\\n' $id; else "
                        + RESULT
                        + "; fi";
        try (var upstream = launch("", answer)) {
            assertThat(call(upstream))
                    .isEqualTo(new UpstreamReply.Failed(UpstreamFailure.PROTOCOL_ERROR, true));
            assertThat(call(upstream)).isInstanceOf(UpstreamReply.Result.class);
        }
    }

    /** Row 4: what it said last is known to whoever hears that it did not start. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'Error: Cannot find module' >&2; exit 1",
                "echo 'Error: Cannot find module' >&2; kill -9 $$",
                "printf 'Error: Cannot find module' >&2; exit 0"
            })
    void keepsWhatAProgramSaidThatDidNotStart(String before) {
        try (var upstream = launch(before, RESULT)) {
            assertThatThrownBy(() -> Await.one(upstream.probe()))
                    .isInstanceOf(UpstreamException.class);
            assertThat(upstream.words().errors()).containsExactly("Error: Cannot find module");
        }
    }

    /** Row 4. */
    @Test
    void keepsTheFirstAndTheLastLinesOfItsErrorsAndTheBeginningOfEach() throws Exception {
        var talk =
                "i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo line$i >&2; done;"
                        + " head -c 100000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; exit 3";
        try (var upstream = launch("", talk)) {
            assertThat(call(upstream))
                    .isEqualTo(new UpstreamReply.Failed(UpstreamFailure.UNREACHABLE, true));
            var errors = upstream.words().errors();
            assertThat(upstream.words().began())
                    .containsExactly("line1", "line2", "line3", "line4", "line5");
            assertThat(errors).hasSize(20).startsWith("line32").contains("line50");
            assertThat(errors.getLast()).isEqualTo("x".repeat(4_096));
            assertThat(upstream.words()).hasToString("ProgramWords[20 errors, 0 skipped]");
        }
    }

    /** Row 4: many say first why they end and then how they are used; many say it last. */
    @Test
    void whatMayBeTheReasonComesFirst() {
        var usage = "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo usage$i >&2; done; ";
        var before = "echo 'Error: no context' >&2; " + usage + "echo >&2; echo bye >&2; exit 1";
        try (var upstream = launch(before, RESULT)) {
            for (int start = 0; start < 2; start++) {
                assertThatThrownBy(() -> Await.one(upstream.probe()))
                        .isInstanceOf(UpstreamException.class);
                assertThat(upstream.words().reason())
                        .startsWith("bye\nError: no context\nusage1\nusage2\nusage3\nusage4\n");
            }
        }
    }

    @Test
    void keepsNoMoreStraysThanPeopleRead() throws Exception {
        var talk = "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo line$i; done; " + RESULT;
        try (var upstream = launch("", talk)) {
            assertThat(call(upstream)).isInstanceOf(UpstreamReply.Result.class);
            assertThat(upstream.words().strays()).hasSize(20).startsWith("line281");
            assertThat(upstream.words().skipped()).isEqualTo(300);
        }
    }
}
