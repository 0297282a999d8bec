package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.Continuation;
import io.sallyport.gate.CallOutcome;
import io.sallyport.identity.Caller;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.ExampleCatalog;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class RequestStatesTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String PATH = "/mcp/servers/notes";

    private final MovingClock clock = new MovingClock();
    private final RequestStates states = new RequestStates(new KeptKeys(), clock);
    private final RpcMessage.Request call = call("write", "a");
    private final McpRequestContext ada = context("acme", "user:ada", PATH);

    @Test
    void aStateGivesBackWhatItHolds() {
        var state = states.open(sealed(), call, ada).orElseThrow();

        assertThat(state.continuation()).isEqualTo(new Continuation.State(Optional.of("theirs")));
        assertThat(state.questions().requests().has("q")).isTrue();
        assertThat(state.asker()).isEqualTo("https://notes.example/mcp");
    }

    @Test
    @DisplayName("MP-07 a requestState that is too old is none")
    void expires() {
        var sealed = sealed();
        clock.pass(RequestStates.VALID.minusMillis(1));
        assertThat(states.open(sealed, call, ada)).isPresent();

        clock.pass(Duration.ofMillis(1));

        assertThat(states.open(sealed, call, ada)).isEmpty();
    }

    @Test
    @DisplayName("MP-07 a requestState is good for the same caller, URL, method and params only")
    void isBound() {
        var sealed = sealed();

        assertThat(states.open(sealed, call, context("acme", "user:eve", PATH))).isEmpty();
        assertThat(states.open(sealed, call, context("other", "user:ada", PATH))).isEmpty();
        assertThat(states.open(sealed, call, context("acme", "user:ada", "/mcp"))).isEmpty();
        assertThat(states.open(sealed, call("write", "b"), ada)).isEmpty();
        assertThat(states.open(sealed, call("delete", "a"), ada)).isEmpty();
        assertThat(states.open(sealed, request("prompts/get", call.params()), ada)).isEmpty();
    }

    @Test
    void whatIsNewInEachLegIsNotPartOfWhatItIsGoodFor() {
        var again = ((ObjectNode) call.params()).deepCopy();
        again.put("requestState", "x").putObject("inputResponses").putObject("q");
        again.putObject("_meta").put("progressToken", 7);

        assertThat(states.open(sealed(), request(call.method(), again), ada)).isPresent();
    }

    private String sealed() {
        var questions = JSON.objectNode();
        questions.putObject("q").put("method", "roots/list");
        var asked =
                new CallOutcome.InputRequired(
                        new ToolRef(new ServerSlug("notes"), "write"),
                        JSON.objectNode(),
                        new Continuation.State(Optional.of("theirs")),
                        "https://notes.example/mcp");
        return states.seal(call, ada, asked, new InputRequests(questions));
    }

    private static RpcMessage.Request call(String tool, String text) {
        var params = JSON.objectNode().put("name", tool);
        params.putObject("arguments").put("text", text);
        return request("tools/call", params);
    }

    private static RpcMessage.Request request(String method, JsonNode params) {
        return new RpcMessage.Request(JSON.numberNode(1), method, params);
    }

    private static McpRequestContext context(String tenant, String subject, String path) {
        var key = ExampleCatalog.agentKey(new TenantId(tenant), subject);
        return new McpRequestContext(
                new Endpoint.Everything(),
                path,
                new Caller(key, "r1"),
                new McpHeaders(new HttpHeaders()),
                AnswerRoom.UNCOUNTED);
    }

    /** Keeps what it seals, and gives it back for the same context only. */
    private static final class KeptKeys implements StateKeys {
        private final Map<String, byte[]> kept = new HashMap<>();

        @Override
        public String seal(byte[] plain, String context) {
            var name = "s" + kept.size();
            kept.put(name + context, plain);
            return name;
        }

        @Override
        public Optional<byte[]> open(String sealed, String context) {
            return Optional.ofNullable(kept.get(sealed + context));
        }
    }
}
