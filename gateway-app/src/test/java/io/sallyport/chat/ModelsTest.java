package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelsTest {
    private ChatServer server;

    @BeforeEach
    void start() {
        server = ChatServer.of(Tenant.at(URI.create("http://127.0.0.1:9/v1")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsTheAliases() throws Exception {
        var answer = server.get("/models");

        assertThat(ChatSchema.MODELS.violations(answer.body())).isEmpty();
        assertThat(answer.json().path("data").path(0).path("id").asString()).isEqualTo("agent");
        assertThat(answer.body()).doesNotContain("big-model", "127.0.0.1");
    }

    @Test
    void showsOne() throws Exception {
        var answer = server.get("/models/plain");

        assertThat(ChatSchema.MODEL.violations(answer.body())).isEmpty();
        assertThat(answer.json().path("id").asString()).isEqualTo("plain");
    }

    @Test
    void doesNotShowWhatDoesNotExist() throws Exception {
        var answer = server.get("/models/nobody");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.errorCode()).isEqualTo("model_not_found");
        assertThat(ChatSchema.ERROR.violations(answer.body())).isEmpty();
    }

    @Test
    void tellsACallerWhatItMayUse() throws Exception {
        var me = server.get("/me").json();

        assertThat(me.path("principal").asString()).isEqualTo("user:ada");
        assertThat(me.path("tenant").asString()).isEqualTo("acme");
        assertThat(me.path("tools").toString())
                .contains("notes__list_notes")
                .doesNotContain("hidden");
    }
}
