package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.store.DatabaseAddress;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A stop is in force on every gateway of the database, and after a restart. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(300)
class StopsOutliveTest {
    private static final String SEAL_KEY = "5a".repeat(32);

    private final DatabaseAddress database;
    private final Path firstFolder;
    private final Path secondFolder;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("look");
    private GatewayProcess first;
    private final GatewayProcess second;
    private URI url;

    StopsOutliveTest(FaultyPostgres postgres) throws IOException {
        database = postgres.newDatabase();
        firstFolder = postgres.newFolder();
        secondFolder = postgres.newFolder();
        first = serve(firstFolder);
        url = first.awaitUrl();
        Files.copy(firstFolder.resolve("credentials"), secondFolder.resolve("credentials"));
        second = serve(secondFolder);
    }

    private GatewayProcess serve(Path folder) {
        var secrets =
                Map.of(
                        "SALLYPORT_SEAL_KEY",
                        SEAL_KEY,
                        "SALLYPORT_DATABASE_PASSWORD",
                        database.password());
        var url = database.url();
        return GatewayProcess.serve(
                folder,
                secrets,
                "--dev",
                "--port",
                "0",
                "--database-url",
                url,
                "--database-user",
                database.user());
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        upstream.close();
        first.stop();
        second.stop();
    }

    @Test
    void aStopIsSeenByOtherGatewaysAndSurvivesARestart() throws IOException, InterruptedException {
        var admin = first.key("SALLYPORT_ADMIN_KEY");
        var here = TenantDesk.existing(new Http(url), admin, "default");
        var there = new Http(second.awaitUrl());
        here.serve("u1", upstream.endpoint());
        here.allow("u1/*");
        var key = here.key("user:ada", "agent");
        try (var model = HeldModel.silent()) {
            here.model("plain", model.endpoint(), "any", "");
            eventually().until(() -> isServed(there, key));
            try (var run = streamed(there, key)) {
                eventually().until(() -> run.lines().toString().contains("word"));

                var stop = Ask.post("/admin/v1/principals/user:ada/stop", "{\"reason\":\"lost\"}");
                here.admin(stop).ok();

                eventually().until(run::isOver);
                assertThat(run.messages().getLast().at("/error/code").asString())
                        .isEqualTo("stopped");
                assertThat(isServed(there, key)).isFalse();
            }
            restart();
            var again = new Http(url);
            assertThat(isServed(again, key)).isFalse();
            var stops = Ask.get("/admin/v1/stops").bearer(admin);
            assertThat(again.send(stops).ok().body()).contains("lost");
            assertThat(model.asked()).isEqualTo(1);
        }
    }

    private static boolean isServed(Http gateway, String key) {
        var models = gateway.send(Ask.get("/v1/models").bearer(key));
        return models.status() == 200 && models.body().contains("plain");
    }

    private static OpenStream streamed(Http gateway, String key) {
        var question =
                Chat.question("plain").replace("\"messages\"", "\"stream\":true,\"messages\"");
        return gateway.open(Ask.post("/v1/chat/completions", question).bearer(key));
    }

    private void restart() throws IOException, InterruptedException {
        first.process().toHandle().destroy();
        assertThat(first.awaitEnd()).as("a normal end is no error").doesNotContain("ERROR");
        first = serve(firstFolder);
        url = first.awaitUrl();
    }
}
