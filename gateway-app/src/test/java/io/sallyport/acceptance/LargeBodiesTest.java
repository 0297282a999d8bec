package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** H3, R4: with a heap of 512 MB, whatever is sent at once is answered. */
class LargeBodiesTest {
    private static final int MEBIBYTE = 1024 * 1024;

    private static Scratch folder;
    private static GatewayProcess process;
    private static Http http;

    @BeforeAll
    static void start() throws IOException {
        folder = Scratch.make();
        var memory = Map.of("JDK_JAVA_OPTIONS", "-Xmx512m -XX:+ExitOnOutOfMemoryError");
        process = GatewayProcess.serve(folder.path(), memory, "--dev", "--port", "0");
        http = new Http(process.awaitUrl());
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        process.stop();
        folder.delete();
    }

    @Test
    void tenLargeBodiesAreEachAnsweredAndOthersMeanwhile() throws Exception {
        var hungry = TenantDesk.create(http, process.key("SALLYPORT_ADMIN_KEY"), "hungry").agent();
        var modest = TenantDesk.create(http, process.key("SALLYPORT_ADMIN_KEY"), "modest").agent();
        var body = chat("\"" + "x".repeat(19 * MEBIBYTE) + "\"");

        var statuses =
                tenAtOnce(
                        hungry,
                        body,
                        () -> {
                            for (int turn = 0; turn < 20; turn++) {
                                assertThat(http.send(Ask.get("/v1/models").bearer(modest)).status())
                                        .isEqualTo(200);
                                assertThat(post(modest, chat("\"x\""))).isEqualTo(404);
                            }
                            return 200;
                        });

        assertThat(statuses).contains(404).containsOnly(404, 503);
        // There is room again once the last exchange is over: a moment after its client has its
        // status.
        await().atMost(10, TimeUnit.SECONDS).until(() -> post(hungry, body), it -> it.equals(404));
    }

    /** 43 times as large in memory. */
    @Test
    void bodiesOfTheSmallestNodesAreRefusedByTheirWeight() throws Exception {
        var key = TenantDesk.create(http, process.key("SALLYPORT_ADMIN_KEY"), "nodes").agent();
        var huge = chat("[" + "[],".repeat(6 * MEBIBYTE) + "[]]");
        var statuses = tenAtOnce(key, huge, () -> 200);
        assertThat(statuses).containsOnly(413, 503);
        assertThat(post(key, chat("[" + "[],".repeat(100_000) + "[]]"))).isEqualTo(404);
        assertThat(http.send(Ask.get("/livez")).status()).isEqualTo(200);
    }

    /** An answer of 4 MiB, 43 times as large in memory: sixteen at once ended the process. */
    @Test
    void answersOfTheSmallestNodesAreRefusedByTheirWeight() throws Exception {
        var hungry = TenantDesk.create(http, process.key("SALLYPORT_ADMIN_KEY"), "fed");
        var modest = TenantDesk.create(http, process.key("SALLYPORT_ADMIN_KEY"), "frugal");
        try (var hostile = ScriptedUpstream.listing("big");
                var plain = ScriptedUpstream.listing("echo")) {
            var attack = session(hungry, hostile);
            var calls = session(modest, plain);
            hostile.onCall(ScriptedUpstream.answers(result(nested())));

            var refusals =
                    atOnce(
                            16,
                            () -> attack.refusal("s__big", "{}"),
                            () -> calls.refusal("s__echo", "{}"));

            assertThat(refusals).containsOnly("overloaded");
            hostile.onCall(ScriptedUpstream.answers(result("[" + "[],".repeat(250_000) + "[]]")));
            for (int turn = 0; turn < 4; turn++) { // there is room for one, once the last is over
                await().atMost(1, TimeUnit.MINUTES)
                        .until(() -> attack.refusal("s__big", "{}").isEmpty());
            }
        }
    }

    private static McpSession session(TenantDesk tenant, ScriptedUpstream server) {
        tenant.serve("s", server.endpoint());
        tenant.allow("s/*");
        return McpSession.open(http, tenant.agent());
    }

    private static String nested() {
        var unit = "[".repeat(50) + "]".repeat(50) + ",";
        return "[" + unit.repeat((4 * MEBIBYTE - 1_000) / unit.length()) + "[]]";
    }

    private static String result(String json) {
        return "{\"content\":[{\"type\":\"text\",\"text\":\"ok\"}],\"x\":" + json + "}";
    }

    private static List<String> atOnce(
            int clients, Callable<String> attack, Callable<String> meanwhile) throws Exception {
        var answers = new ArrayList<Future<String>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < clients; client++) {
                answers.add(threads.submit(attack));
            }
            do {
                assertThat(meanwhile.call()).isEmpty();
            } while (!answers.stream().allMatch(Future::isDone));
            var ended = new ArrayList<String>();
            for (var answer : answers) {
                ended.add(answer.get());
            }
            return ended;
        }
    }

    private static List<Integer> tenAtOnce(String key, String body, Callable<Integer> meanwhile)
            throws Exception {
        var answers = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < 10; client++) {
                answers.add(threads.submit(() -> post(key, body)));
            }
            assertThat(meanwhile.call()).isEqualTo(200);
            var statuses = new ArrayList<Integer>();
            for (var answer : answers) {
                statuses.add(answer.get());
            }
            return statuses;
        }
    }

    /** Sends the body only if the gateway wants it: a refusal before that is never lost. */
    private static int post(String key, String body) throws IOException {
        var head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Expect: 100-continue\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                                .formatted(key, body.length());
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), http.url().getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            var lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            var first = lines.readLine();
            if (first.startsWith("HTTP/1.1 100")) {
                socket.getOutputStream().write(body.getBytes(US_ASCII));
                while (!lines.readLine().isEmpty()) {
                    // the head of the interim answer
                }
                first = lines.readLine();
            }
            return Integer.parseInt(first.substring(9, 12));
        }
    }

    /** To a model that does not exist: read, parsed, and then refused. */
    private static String chat(String content) {
        return "{\"model\":\"none\",\"messages\":[{\"role\":\"user\",\"content\":"
                + content
                + "}]}";
    }
}
