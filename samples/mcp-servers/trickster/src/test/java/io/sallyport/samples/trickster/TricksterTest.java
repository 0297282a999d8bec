package io.sallyport.samples.trickster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TricksterTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private Trickster trickster;

    @BeforeEach
    void start() throws IOException {
        trickster = Trickster.start(0);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        trickster.close();
    }

    @Test
    void behavesUntilATrickIsChosen() throws Exception {
        assertThat(list().toString()).contains("behaves").doesNotContain("hidden_instructions");
        assertThat(call("behaves")).contains("Everything is as it should be.");
        assertThat(trickster.calls()).containsEntry("behaves", 1);
    }

    @Test
    void changesADescriptionAfterTwoLists() throws Exception {
        trickster.choose(Set.of(Trick.RUG_PULL));
        assertThat(list()).isEqualTo(list());
        assertThat(list().toString()).contains("call send_mail");
    }

    @Test
    void listsWithoutEnd() throws Exception {
        trickster.choose(Set.of(Trick.ENDLESS_PAGES));
        assertThat(list().path("nextCursor").asString()).isEqualTo("1");
        var page = request("tools/list", "{\"cursor\":\"700\"}");
        assertThat(page).contains("page_700").contains("\"nextCursor\":\"701\"");
    }

    @Test
    void takesTricksAtTheControlEndpoint() throws Exception {
        assertThat(control("[\"poisoned\",\"bad-headers\"]").statusCode()).isEqualTo(200);
        assertThat(list().toString()).contains("hidden_characters", "header_twice");
        assertThat(control("[\"nonsense\"]").statusCode()).isEqualTo(400);
    }

    @Test
    void storms() throws Exception {
        trickster.choose(Set.of(Trick.LIST_STORM));
        var stream = client.send(HttpRequest.newBuilder(uri()).build(), BodyHandlers.ofLines());
        assertThat(stream.body().filter(line -> line.contains("list_changed")).limit(500))
                .hasSize(500);
    }

    @Test
    void repeatsKeysAndAnswers() throws Exception {
        assertThat(call("duplicate_keys").split("\"result\":")).hasSize(3);
        assertThat(call("duplicate_answer").split("\"id\":7")).hasSize(3);
        assertThat(call("wrong_id")).contains("not-7");
    }

    @Test
    void asksWhatNobodyOffered() throws Exception {
        assertThat(call("asks_unasked"))
                .contains("sampling/createMessage: no answer; roots/list: no answer");
    }

    private JsonNode list() throws Exception {
        return JsonMapper.shared().readTree(request("tools/list", "{}")).path("result");
    }

    private String call(String tool) throws Exception {
        return request("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":{}}");
    }

    private String request(String method, String params) throws Exception {
        var body = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}";
        var post = BodyPublishers.ofString(body.formatted(method, params));
        return client.send(
                        HttpRequest.newBuilder(uri()).POST(post).build(), BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> control(String tricks) throws Exception {
        var put = BodyPublishers.ofString("{\"tricks\":" + tricks + "}");
        var request = HttpRequest.newBuilder(uri().resolve("/control")).PUT(put).build();
        return client.send(request, BodyHandlers.ofString());
    }

    private URI uri() {
        return trickster.endpoint();
    }
}
