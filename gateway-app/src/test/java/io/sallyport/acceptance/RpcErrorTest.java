package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B4: an error of the server is an answer, and its words are for whoever called. */
@ExtendWith(GatewayExtension.class)
class RpcErrorTest {
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo");
    private McpSession mcp;

    RpcErrorTest(RunningGateway gateway) {
        tenant = gateway.newTenant("errors");
    }

    @BeforeEach
    void serve() {
        var server =
                """
                {"slug":"u1","url":"%s","egress":{"allow":["127.0.0.1/32:%d"]},
                 "credential":{"type":"bearer","secret":"CANARY-secret-of-u1"}}\
                """
                        .formatted(upstream.endpoint(), upstream.endpoint().getPort());
        var tool = tenant.admin(Ask.post("/admin/v1/servers", server)).ok().json().at("/tools/0");
        var approval =
                "{\"tools\":[{\"name\":\"echo\",\"digest\":\"%s\",\"risk\":\"read\"}]}"
                        .formatted(tool.path("digest").asString());
        tenant.admin(Ask.post("/admin/v1/servers/u1/approve", approval)).ok();
        tenant.allow("u1/*");
        tenant.toolset("all", "u1/*");
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({
        "-32602, 'Unknown project: sea-saw'",
        "-32603, 'ENOSPC: no space left on device'",
        "-32000, 'Rate limit of 5 a minute is used up'",
        "-32001, 'Request timed out in the backend'",
        "7, 'Nope'"
    })
    void itsMessageIsTheTextOfAResult(int code, String message) {
        upstream.onCall(ScriptedUpstream.errs(code, message, "{}"));

        var result = mcp.result("u1__echo", "{}");

        assertThat(result.path("isError").asBoolean(false)).isTrue();
        assertThat(result.at("/content/0/text").asString()).isEqualTo(message);
        assertThat(result.at("/_meta/io.sallyport~1rpc_error/code").asInt()).isEqualTo(code);
        var outcome = tenant.audit("kind=call.outcome").getFirst();
        assertThat(outcome.path("status").asString()).isEqualTo("tool_error");
        assertThat(outcome.path("cause").asString()).isEqualTo("rpc_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no access with CANARY-secret-of-u1",
                "no access with Q0FOQVJZLXNlY3JldC1vZi11MQ==",
                "ask at https://10.0.0.7/internal",
                "key sk-proj-0123456789abcdefghij0123 is revoked"
            })
    void whatNobodyElseMayReadIsTakenOut(String message) {
        upstream.onCall(ScriptedUpstream.errs(-32603, message, "{}"));

        assertThat(mcp.result("u1__echo", "{}").toString())
                .contains("isError")
                .doesNotContain("CANARY", "Q0FOQVJZ", "10.0.0.7", "sk-proj-0123");
    }

    /** F6: the secret of a call is the one that it was made with, whatever took its place since. */
    @ParameterizedTest
    @CsvSource({
        "DELETE, ''",
        "PATCH, '{\"credential\":{\"type\":\"bearer\",\"secret\":\"another\"}}'"
    })
    void aSecretIsTakenOutThoughItIsNoLongerTheServers(String method, String change) {
        var changed = new CountDownLatch(1);
        var message = "token CANARY-secret-of-u1 is no longer valid";
        upstream.onCall((exchange, id) -> {
            try {
                changed.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            ScriptedUpstream.errs(-32000, message, "{}").answer(exchange, id);
        });
        var call = CompletableFuture.supplyAsync(() -> mcp.call("u1__echo", "{}").body());
        await().until(() -> upstream.calls().size() == 1);

        var ask = Ask.of(method, "/admin/v1/servers/u1");
        tenant.admin(change.isEmpty() ? ask : ask.json(change)).ok();
        changed.countDown();

        assertThat(call.join()).contains("isError").doesNotContain("CANARY");
    }

    @Test
    void aModelReadsItAsTheToolsWord() throws IOException {
        upstream.onCall(ScriptedUpstream.errs(-32603, "no such branch", "{}"));
        var script = Script.of(Round.calls("u1__echo", "{}"), Round.says("{{results}}"));
        try (var model = ScriptedModel.start(0, script)) {
            tenant.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"");

            var text = Chat.text(new Chat(tenant.http(), tenant.agent()).ask("m").ok());

            assertThat(text).contains("Error: no such branch");
        }
    }

    @Test
    void whatAPersonIsToOpenIsNamedInTheText() {
        upstream.onCall(
                ScriptedUpstream.errs(
                        -32042,
                        "Sign in first",
                        """
                        {"elicitations":[
                          {"mode":"url","elicitationId":"1","url":"https://b\u00fccher.example/in?a=1"},
                          {"mode":"url","elicitationId":"2","url":"http://plain.example/"},
                          {"mode":"url","elicitationId":"3","url":"javascript:alert(1)"},
                          {"mode":"url","elicitationId":"4","url":"https://u@evil.example/"}]}\
                        """));

        var text = mcp.result("u1__echo", "{}").at("/content/0/text").asString();

        assertThat(text)
                .isEqualTo(
                        """
                        Sign in first
                        The server u1 asks to open https://xn--bcher-kva.example/in?a=1 .\
                        """);
    }

    @Test
    void itSaysNothingAboutTheServersHealth() {
        upstream.onCall(ScriptedUpstream.errs(-32603, "again", "{}"));
        for (int i = 0; i < 30; i++) {
            assertThat(mcp.result("u1__echo", "{}").at("/content/0/text").asString())
                    .isEqualTo("again");
        }
    }
}
