package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that cannot be read are told as that on both faces: no run goes on without its tools. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(180)
class UnreadableRulesTest {
    private final FaultyPostgres postgres;
    private AuditedGateway gateway;

    UnreadableRulesTest(FaultyPostgres postgres) {
        this.postgres = postgres;
    }

    @BeforeEach
    void start() throws InterruptedException {
        gateway = AuditedGateway.start(postgres);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules: 7", "rules: [{id: a", "laws: []"})
    void aChatThatWantsToolsIsRefusedAndOneThatWantsNoneIsNot(String document) throws IOException {
        var tenant = gateway.tenant();
        var client = gateway.client();
        var chat = new Chat(tenant.http(), tenant.agent());
        try (var model = ScriptedModel.start(0, Script.of(Round.says("Hello.")))) {
            tenant.toolset("all", "*");
            tenant.model("tools", model.endpoint(), "any", ",\"toolset\":\"all\"");
            tenant.model("plain", model.endpoint(), "any", "");
            spoil(document);
            eventually().until(() -> client.call("u1__echo", "{}").status() == 503);

            var refused = chat.ask("tools");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(Chat.errorCode(refused)).isEqualTo("policy_unavailable");
            assertThat(chat.stream("tools").status()).isEqualTo(503);
            assertThat(model.requests()).isEmpty();
            assertThat(Chat.text(chat.ask("plain").ok())).isEqualTo("Hello.");
        }
    }

    /** As if a hand had changed the row. */
    private void spoil(String document) {
        FaultyPostgres.execute(
                gateway.database(), "update policy set document = '" + document + "'");
        FaultyPostgres.execute(
                gateway.database(), "select governance_advance('default', 'policy', '', null)");
    }
}
