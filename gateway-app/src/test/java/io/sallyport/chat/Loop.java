package io.sallyport.chat;

import io.sallyport.provider.RunLimits;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.time.Clock;
import tools.jackson.databind.JsonNode;

/** A chat face whose model answers one round after the other as it is told. */
record Loop(ChatServer server, ScriptedModel model) implements AutoCloseable {

    static Loop of(Round... rounds) throws IOException {
        return of(RunLimits.DEFAULT, rounds);
    }

    static Loop of(RunLimits limits, Round... rounds) throws IOException {
        return of(limits, ChatServer.CLOCK, rounds);
    }

    static Loop of(RunLimits limits, Clock clock, Round... rounds) throws IOException {
        var model = ScriptedModel.start(0, Script.of(rounds));
        return new Loop(ChatServer.of(Tenant.at(model.endpoint()).with(limits), clock), model);
    }

    /** What the model was asked last. */
    JsonNode lastRequest() {
        return Answer.parse(model.requests().getLast());
    }

    /** The text of a message in the model's last request. */
    String message(int index) {
        return lastRequest().path("messages").path(index).path("content").asString();
    }

    @Override
    public void close() {
        server.close();
        model.close();
    }
}
