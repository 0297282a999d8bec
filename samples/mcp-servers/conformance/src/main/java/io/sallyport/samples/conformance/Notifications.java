package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Rpc;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Notifications of a running request, the same in both eras. */
final class Notifications {

    private Notifications() {}

    static ObjectNode progress(JsonNode token, int done, int total) {
        var params = Rpc.object().put("progress", done).put("total", total);
        params.set("progressToken", token);
        return Rpc.notification("notifications/progress", params);
    }

    static ObjectNode log(String level, String text) {
        var params = Rpc.object().put("level", level).put("data", text);
        return Rpc.notification("notifications/message", params);
    }
}
