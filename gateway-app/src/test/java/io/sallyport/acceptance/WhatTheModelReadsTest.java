package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** D0000: what a model reads of a call that did not run tells it what to do. */
@ExtendWith(GatewayExtension.class)
class WhatTheModelReadsTest {
    private static final String TOOL = "u1__wipe";

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("wipe");
    private Chat chat;

    WhatTheModelReadsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("reads");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(
                """
                rules:
                  - id: ask
                    effect: require_approval
                    tools: ["u1/wipe"]
                """);
        tenant.toolset("all", "*");
        chat = new Chat(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private record Read(String text, Reply reply) {}

    /** The tool message that the model reads after it made this call. */
    private Read calling(String arguments) throws IOException {
        var script = Script.of(Round.calls(TOOL, arguments), Round.says("Ok."));
        try (var model = ScriptedModel.start(0, script)) {
            tenant.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"");
            var reply = chat.ask("m").ok();
            var request = Reply.parse(model.requests().getLast());
            return new Read(request.at("/messages/2/content").asString(), reply);
        }
    }

    private static String approval(Reply reply) {
        return Chat.report(reply).at("/approvals/0/id").asString();
    }

    private void decide(String id, String decision, String reason) {
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + id + "/decision",
                                "{\"decision\":\"%s\",\"reason\":\"%s\"}"
                                        .formatted(decision, reason)))
                .ok();
    }

    @Test
    void whenItWaitsItReadsToAskAgain() throws IOException {
        var read = calling("{\"text\":\"1\"}");
        var id = approval(read.reply());
        assertThat(read.text())
                .startsWith("Error: approval_required: The call did not run;")
                .contains(id)
                .endsWith("make the same call with the same arguments again.");

        decide(id, "approve", "fine");
        assertThat(calling("{\"text\":\"1\"}").text()).doesNotStartWith("Error: ");
        assertThat(upstream.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wrong quarter, use Q3.", "Nur lesen, bitte.", "no\\u200bt now"})
    void whenItIsDeniedItReadsWhy(String reason) throws IOException {
        var arguments = "{\"text\":\"%d\"}".formatted(reason.length());
        decide(approval(calling(arguments).reply()), "deny", reason);

        assertThat(calling(arguments).text())
                .startsWith("Error: approval_denied: An approver denied this call")
                .contains(reason);
        assertThat(upstream.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "nil", "{\"text\":\"1\"", "[1]", "\"{}\"", "{\"a\":1,\"a\":2}"})
    void whenItWritesNoArgumentsItReadsSo(String arguments) throws IOException {
        assertThat(calling(arguments).text())
                .startsWith("Error: invalid_arguments: The arguments cannot be read: ")
                .endsWith(". Write them as one JSON object.")
                .doesNotContain("invalid_json");
    }
}
