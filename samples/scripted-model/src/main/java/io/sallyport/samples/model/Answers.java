package io.sallyport.samples.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole bodies. */
final class Answers {

    private Answers() {}

    static void json(HttpExchange exchange, int status, ObjectNode tree) throws IOException {
        byte[] body = tree.toString().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    static void refuse(HttpExchange exchange, RefusedRequest refused) throws IOException {
        json(exchange, refused.status(), refused.body());
    }
}
