package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One answer of the chat face. */
record Answer(int status, HttpHeaders headers, String body) {

    static Answer of(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    /** The answer, which is a completion, a stream or an error as OpenAI describes them. */
    static Answer checked(HttpResponse<String> response) {
        var answer = of(response);
        assertThat(answer.violations()).as(answer.body()).isEmpty();
        assertThat(answer.header("x-request-id")).isEqualTo("req-1");
        assertThat(answer.header("openai-processing-ms")).matches("[0-9]+");
        return answer;
    }

    private List<String> violations() {
        if (isStream()) {
            return StreamGrammar.violations(body);
        }
        return (status == 200 ? ChatSchema.COMPLETION : ChatSchema.ERROR).violations(body);
    }

    boolean isStream() {
        return header("content-type").startsWith("text/event-stream");
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    JsonNode json() {
        return parse(body);
    }

    static JsonNode parse(String text) {
        try {
            return StrictJson.read(text);
        } catch (MalformedJson e) {
            throw new AssertionError(text, e);
        }
    }

    /** The chunks of a stream, without {@code [DONE]}. */
    List<JsonNode> chunks() {
        return StreamGrammar.payloads(body).stream()
                .filter(it -> !it.equals("[DONE]"))
                .map(Answer::parse)
                .toList();
    }

    String errorCode() {
        return isStream()
                ? chunks().getLast().path("error").path("code").asString("")
                : json().path("error").path("code").asString("");
    }

    JsonNode message() {
        return json().path("choices").path(0).path("message");
    }

    /** What the client reads, in either mode. */
    String text() {
        if (!isStream()) {
            return message().path("content").asString("");
        }
        var text = new StringBuilder();
        chunks().forEach(it -> text.append(delta(it).path("content").asString("")));
        return text.toString();
    }

    static JsonNode delta(JsonNode chunk) {
        return chunk.path("choices").path(0).path("delta");
    }

    String finish() {
        if (!isStream()) {
            return json().path("choices").path(0).path("finish_reason").asString("");
        }
        return finishChunk().path("choices").path(0).path("finish_reason").asString("");
    }

    private JsonNode finishChunk() {
        return chunks().stream()
                .filter(it -> it.path("choices").path(0).path("finish_reason").isString())
                .findFirst()
                .orElseThrow();
    }

    /** Our own member of the answer, in either mode. */
    JsonNode report() {
        return (isStream() ? finishChunk() : json()).path("x_sallyport");
    }

    /** The usage of the answer, in either mode. */
    JsonNode usage() {
        return (isStream() ? chunks().getLast() : json()).path("usage");
    }
}
