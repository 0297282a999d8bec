package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.chat.StreamGrammar;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What the tests of chat requests that are made again share. */
@ExtendWith(FaultyPostgresExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
abstract class RepeatedChat {
    static final String[] AGAIN = {"X-Stainless-Retry-Count", "1"};
    static final String KEY = "Idempotency-Key";

    final AuditedGateway gateway;
    TenantDesk tenant;
    ScriptedUpstream upstream;
    CountDownLatch mayEnd;
    ScriptedModel model;
    Chat chat;

    RepeatedChat(FaultyPostgres postgres) throws InterruptedException {
        gateway = AuditedGateway.start(postgres);
    }

    /** A tenant of its own for each test; what the gateway keeps of the others is not its. */
    @BeforeEach
    void serve() throws IOException {
        tenant = gateway.newTenant();
        upstream = ScriptedUpstream.listing("look", "wipe", "mark");
        mayEnd = new CountDownLatch(1);
        model =
                ScriptedModel.start(
                        0, Script.of(Round.calls("w__wipe", "{}"), Round.says("{{results}}")));
        tenant.serve("w", upstream.endpoint(), Map.of("wipe", "write", "mark", "write"));
        tenant.allow("w/*");
        tenant.toolset("all", "w/*");
        offer(model);
        chat = new Chat(tenant.http(), tenant.agent());
    }

    @AfterEach
    void leave() {
        mayEnd.countDown();
        upstream.close();
        model.close();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    void offer(ScriptedModel another) {
        tenant.model("m", another.endpoint(), "any", ",\"toolset\":\"all\"");
    }

    void script(Round... rounds) throws IOException {
        model.close();
        model = ScriptedModel.start(0, Script.of(rounds));
        offer(model);
    }

    static String question(boolean stream) {
        var question = Chat.question("m");
        return stream ? question.replace("\"messages\"", "\"stream\":true,\"messages\"") : question;
    }

    /** Calls wait until they may end. */
    void holdCalls() {
        upstream.onCall((exchange, id) -> {
            try {
                mayEnd.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            ScriptedUpstream.says("done").answer(exchange, id);
        });
    }

    CompletableFuture<Reply> asked(boolean stream, String... headers) {
        return CompletableFuture.supplyAsync(() -> chat.send(question(stream), headers));
    }

    /** Asks, and leaves when the tool has been called. */
    void askAndLeave(boolean stream, String... headers) {
        var calls = upstream.calls().size();
        var ask = Ask.post("/v1/chat/completions", question(stream)).bearer(chat.key());
        for (int name = 0; name < headers.length; name += 2) {
            ask = ask.with(headers[name], headers[name + 1]);
        }
        var call = tenant.http().begin(ask);
        eventually().until(() -> upstream.calls().size() > calls);
        call.cancel(true);
        eventually().until(() -> ended("client_gone") > 0);
    }

    long ended(String code) {
        return tenant.audit("kind=chat.response").stream()
                .filter(it -> it.path("code").asString("").equals(code))
                .count();
    }

    long claims(String which) {
        return FaultyPostgres.count(
                gateway.database(),
                "select count(*) from chat_claim where tenant = ? and (" + which + ")",
                tenant.id());
    }

    static JsonNode report(Reply reply) {
        return reply.isStream()
                ? Stream.of(reply.body().split("\n"))
                        .filter(it -> it.contains("x_sallyport"))
                        .map(it -> Reply.parse(it.substring("data: ".length())))
                        .findFirst()
                        .orElseThrow()
                        .path("x_sallyport")
                : Chat.report(reply);
    }

    static String run(Reply reply) {
        var run = report(reply.ok()).path("run_id").asString();
        assertThat(reply.header("x-sallyport-run-id")).isEqualTo(run);
        return run;
    }

    /** A stream says the same in pieces of another size. */
    static void assertSame(Reply again, Reply first) {
        assertThat(run(again)).isEqualTo(run(first));
        if (!first.isStream()) {
            assertThat(again.body()).isEqualTo(first.body());
            return;
        }
        assertThat(text(again)).isEqualTo(text(first));
        assertThat(report(again)).isEqualTo(report(first));
        assertThat(again.body().substring(0, 60)).isEqualTo(first.body().substring(0, 60));
    }

    static String text(Reply stream) {
        return StreamGrammar.payloads(stream.body()).stream()
                .filter(it -> !it.equals("[DONE]"))
                .map(it -> Reply.parse(it).at("/choices/0/delta/content").asString(""))
                .collect(Collectors.joining());
    }

    void assertCalls(int count) {
        assertThat(upstream.calls()).hasSize(count);
        assertThat(tenant.audit("kind=call.intent")).hasSize(count);
    }

    void awaitEnd() {
        try {
            mayEnd.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
