package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An operator's file that is edited while the gateway runs. */
@Timeout(120)
class EditedProfilesTest {
    /** Whoever started the tests may have told its children to ignore them (nohup). */
    private static final List<String> HEARS_HANGUPS = List.of("env", "--default-signal=HUP");

    private static final String SECRET = "t0ken-of-the-editor";
    private static final Scratch SCRATCH = Scratch.make();
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static final LaunchWorld WORLD = new LaunchWorld(SCRATCH.path(), SECRET);

    private static GatewayProcess gateway;
    private static Http http;

    private TenantDesk tenant;

    @BeforeAll
    static void start() throws IOException {
        gateway =
                WORLD.serve(
                        HEARS_HANGUPS,
                        "argv",
                        "cwd",
                        "names",
                        "values",
                        "kept",
                        "gone",
                        "back",
                        "broken");
        http = new Http(gateway.awaitUrl());
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        gateway.process().toHandle().destroy();
        assertThat(gateway.awaitEnd()).contains("Sallyport has stopped").doesNotContain(SECRET);
        SCRATCH.delete();
    }

    @BeforeEach
    void tenant() throws IOException {
        var id = "edited-" + TENANTS.incrementAndGet();
        tenant = TenantDesk.create(http, gateway.key("SALLYPORT_ADMIN_KEY"), id);
    }

    /** What makes another program of it. */
    enum Edit {
        ARGV,
        CWD,
        NAMES;

        void edit(ObjectNode profile) {
            switch (this) {
                case ARGV -> profile.withArray("argv").add("-v");
                case CWD -> profile.put("cwd", SCRATCH.path().toString());
                case NAMES -> profile.withObject("env").put("MORE", "");
            }
        }

        String profile() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @ParameterizedTest
    @EnumSource(Edit.class)
    void anEditedProfileIsDriftBeforeItsNextCall(Edit edit) throws IOException {
        var session = served(edit.profile());
        LaunchWorld.world(session);

        WORLD.edit(profiles -> edit.edit((ObjectNode) profiles.path(edit.profile())));
        assertThat(reloaded(edit.profile()).path("change").asString()).isEqualTo("changed");

        assertThat(session.call("notes__world", "{}").body()).contains("descriptor_changed");
        assertThat(tool().path("status").asString()).isEqualTo("changed");
        approve();
        LaunchWorld.world(session);
    }

    @Test
    void approvalsHoldForAnEditedProgramOnlyIfItsListIsNamed() throws IOException {
        var session = served("kept");
        LaunchWorld.world(session);
        WORLD.edit(profiles -> Edit.ARGV.edit((ObjectNode) profiles.path("kept")));
        reloaded("kept");
        assertThat(session.call("notes__world", "{}").body()).contains("descriptor_changed");

        var keep = Ask.of("PATCH", "/admin/v1/servers/notes").json("{\"keep_approvals\":true}");
        var unseen = tenant.admin(keep);

        assertThat(unseen.status()).isEqualTo(409);
        assertThat(unseen.json().path("code").asString()).isEqualTo("version_conflict");
        assertThat(tool().path("status").asString()).isEqualTo("changed");
        var etag = tenant.admin(Ask.get("/admin/v1/servers/notes")).ok().header("etag");
        tenant.admin(keep.with("if-match", etag)).ok();
        LaunchWorld.world(session);
    }

    @Test
    void aRenewedSecretIsNoDriftAndReachesTheProgram() throws IOException {
        var session = served("values");
        LaunchWorld.world(session);

        WORLD.edit(profiles -> ((ObjectNode) profiles.at("/values/env")).put("TOKEN", "renewed"));
        assertThat(reloaded("values").path("change").asString()).isEqualTo("changed");

        assertThat(LaunchWorld.world(session).at("/environment/TOKEN").asString())
                .isEqualTo("renewed");
        assertThat(tool().path("status").asString()).isEqualTo("approved");
    }

    @Test
    void aProfileThatIsGoneStartsNothingAnyMore() throws IOException {
        var session = served("gone");
        LaunchWorld.world(session);

        WORLD.edit(profiles -> profiles.remove("gone"));
        assertThat(reloaded("gone").path("status").asString()).isEqualTo("removed");

        assertThat(session.call("notes__world", "{}").body())
                .contains("upstream_error", "a program that the gateway may not start");
        assertThat(server().path("unavailable").asString()).contains("no launch profile");
    }

    /** What was refused meanwhile is no fault of the program. */
    @Test
    void aProfileThatIsPutBackIsStartedForTheNextCall() throws IOException {
        var session = served("back");
        LaunchWorld.world(session);
        var removed = new AtomicReference<JsonNode>();
        WORLD.edit(profiles -> removed.set(profiles.remove("back")));
        reloaded("back");
        for (int calls = 0; calls < 10; calls++) {
            assertThat(session.call("notes__world", "{}").body()).contains("upstream_error");
        }

        WORLD.edit(profiles -> profiles.set("back", removed.get()));
        assertThat(reloaded("back").path("change").asString()).isEqualTo("added");

        LaunchWorld.world(session);
    }

    @Test
    void oneBadProfileIsReportedAndTheOthersAreServed() throws IOException {
        var session = served("values");

        WORLD.edit(
                profiles -> ((ObjectNode) profiles.path("broken")).withArray("argv").removeAll());
        var refused = reloaded("broken");

        assertThat(refused.path("status").asString()).isEqualTo("refused");
        assertThat(refused.path("reason").asString()).contains("argv must name a program");
        var posture = tenant.admin(Ask.get("/admin/v1/posture")).ok().json();
        assertThat(posture.at("/refused_profiles/0/name").asString()).isEqualTo("broken");
        assertThat(LaunchWorld.register(tenant, "other", "broken").status()).isEqualTo(422);
        LaunchWorld.world(session);
    }

    @Test
    void aHangupReadsTheFileAgain() throws Exception {
        WORLD.edit(profiles -> profiles.set("fresh", profiles.path("values").deepCopy()));

        var pid = String.valueOf(gateway.process().pid());
        assertThat(new ProcessBuilder("kill", "-HUP", pid).start().waitFor()).isZero();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> LaunchWorld.register(tenant, "fresh", "fresh").status() == 201);
    }

    @Test
    void onlyThePlatformReadsItAgain() {
        var boss = tenant.key("user:boss", "admin");

        var reply = http.send(Ask.post("/admin/v1/profiles/reload", "").bearer(boss));

        assertThat(reply.status()).isEqualTo(403);
    }

    private McpSession served(String profile) {
        LaunchWorld.serve(tenant, "notes", profile, "");
        tenant.allow("notes/*");
        return McpSession.open(http, tenant.key("user:ada", "agent"));
    }

    private JsonNode reloaded(String profile) {
        var reply = tenant.admin(Ask.post("/admin/v1/profiles/reload", "")).ok();
        assertThat(reply.body()).doesNotContain(SECRET, SCRATCH.path().toString());
        return reply.json()
                .path("items")
                .valueStream()
                .filter(it -> it.path("name").asString().equals(profile))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode server() {
        return tenant.admin(Ask.get("/admin/v1/servers/notes")).ok().json();
    }

    private JsonNode tool() {
        return tenant.admin(Ask.get("/admin/v1/tools/notes/world")).ok().json();
    }

    private void approve() {
        var etag = tenant.admin(Ask.get("/admin/v1/servers/notes")).ok().header("etag");
        tenant.admin(
                        Ask.post(
                                        "/admin/v1/servers/notes/approve",
                                        "{\"all\":true,\"risk\":\"read\"}")
                                .with("if-match", etag))
                .ok();
    }
}
