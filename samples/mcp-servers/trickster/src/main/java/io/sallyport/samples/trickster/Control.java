package io.sallyport.samples.trickster;

import io.sallyport.samples.wire.Exchange;
import io.sallyport.samples.wire.Rpc;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** {@code /control}: GET tells what has happened, PUT chooses the tricks. */
record Control(Mood mood) {

    void handle(Exchange exchange) throws IOException {
        switch (exchange.method()) {
            case "GET" -> exchange.answer(200, state());
            case "PUT" -> choose(exchange);
            default -> exchange.with("Allow", "GET, PUT").answer(405);
        }
    }

    private void choose(Exchange exchange) throws IOException {
        var labels = Rpc.read(exchange.body()).orElseGet(Rpc::object).path("tricks").valueStream();
        var reading = Mood.read(labels.map(label -> label.asString("")).toList());
        if (reading.unknown().isPresent()) {
            exchange.answer(400, Rpc.object().put("unknown", reading.unknown().get()));
            return;
        }
        mood.choose(reading.tricks());
        exchange.answer(200, state());
    }

    private JsonNode state() {
        var state = Rpc.object().put("open_streams", mood.openStreams());
        var tricks = state.putArray("tricks");
        mood.labels().forEach(tricks::add);
        var requests = state.putObject("requests");
        mood.requests().forEach(requests::put);
        var calls = state.putObject("calls");
        mood.calls().forEach(calls::put);
        return state;
    }
}
