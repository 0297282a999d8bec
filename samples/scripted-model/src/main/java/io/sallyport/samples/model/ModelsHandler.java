package io.sallyport.samples.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models}; every other path is unknown. */
final class ModelsHandler implements HttpHandler {

    private final Script script;

    ModelsHandler(Script script) {
        this.script = script;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        boolean known =
                exchange.getRequestURI().getPath().equals("/v1/models")
                        && exchange.getRequestMethod().equals("GET");
        if (known) {
            Answers.json(exchange, 200, models());
        } else {
            Answers.refuse(exchange, RefusedRequest.unknownPath());
        }
    }

    private ObjectNode models() {
        var body = JsonMapper.shared().createObjectNode().put("object", "list");
        var models = body.putArray("data");
        for (var name : script.names()) {
            models.addObject()
                    .put("id", name)
                    .put("object", "model")
                    .put("created", Reply.CREATED)
                    .put("owned_by", "scripted");
        }
        return body;
    }
}
