package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.fuzz.FuzzInputs;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.RpcMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What holds for whatever a server sends as a JSON-RPC message. */
class RpcMessageFuzzTest {
    private static final FuzzInputs MESSAGES =
            FuzzInputs.of(
                    List.of(
                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}",
                            "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32601,\"message\":\"no\","
                                    + "\"data\":{\"a\":1}}}",
                            "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"ping\",\"params\":{}}",
                            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                                    + "\"params\":{\"progressToken\":1,\"progress\":0.5}}"),
                    List.of(
                            "\"id\":",
                            "\"id\":null,",
                            "\"result\":{},",
                            "\"error\":",
                            "\"code\":2147483648,",
                            "\"method\":\"\",",
                            "\"jsonrpc\":\"2.0\",",
                            "999999999999999999999",
                            "1.0"));

    @Test
    void holdsForMessagesFromASeed() {
        MESSAGES.check(getClass(), this::isOneKindOfMessageOrForeign);
    }

    @FuzzTest
    void isOneKindOfMessageOrForeign(byte[] message) throws Exception {
        RpcMessage.refusal(message);
        switch (RpcMessage.read(message)) {
            case RpcMessage.Response(var _, var reply) -> assertThat(reply).isNotNull();
            case RpcMessage.Notification(var method, var _) -> assertThat(method).isNotNull();
            case RpcMessage.ServerRequest(var id, var _, var _) -> assertEchoed(id);
            case RpcMessage.Foreign(var failure) -> assertThat(failure).isNotNull();
        }
    }

    /** The id comes back to the server as it was, whatever it is. */
    private static void assertEchoed(JsonNode id) throws Exception {
        var frame = io.sallyport.catalog.StrictJson.read(Frames.error(id, -32601, "no"));
        assertThat(frame.path("id")).isEqualTo(id);
    }
}
