package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.chat.ChatSchema;
import io.sallyport.chat.StreamGrammar;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A hand-written chat client; whatever it is answered is checked against schema and grammar. */
record Chat(Http http, String key) {
    Reply send(String body, String... headers) {
        var ask = Ask.post("/v1/chat/completions", body).bearer(key);
        for (int name = 0; name < headers.length; name += 2) {
            ask = ask.with(headers[name], headers[name + 1]);
        }
        var reply = http.send(ask);
        assertThat(violations(reply)).as(reply.body()).isEmpty();
        return reply;
    }

    Reply ask(String model) {
        return send(question(model));
    }

    static String question(String model) {
        return """
        {"model":"%s","messages":[{"role":"user","content":"Please."}]}\
        """
                .formatted(model);
    }

    Reply stream(String model) {
        return send(
                """
                {"model":"%s","stream":true,"stream_options":{"include_usage":true},
                 "messages":[{"role":"user","content":"Please."}]}\
                """
                        .formatted(model));
    }

    private static List<String> violations(Reply reply) {
        if (reply.isStream()) {
            return StreamGrammar.violations(reply.body());
        }
        return (reply.status() == 200 ? ChatSchema.COMPLETION : ChatSchema.ERROR)
                .violations(reply.body());
    }

    static JsonNode report(Reply reply) {
        return reply.json().path("x_sallyport");
    }

    static String text(Reply reply) {
        return reply.json().path("choices").path(0).path("message").path("content").asString("");
    }

    static String errorCode(Reply reply) {
        return reply.json().path("error").path("code").asString("");
    }
}
