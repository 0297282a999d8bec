package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Servers that are programs, started by a gateway whose operator gave it a file of profiles. */
@Timeout(120)
class LaunchedServerTest {
    private static final String SECRET = "t0ken-of-the-operator";
    private static final Scratch SCRATCH = Scratch.make();
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static final LaunchWorld WORLD = new LaunchWorld(SCRATCH.path(), SECRET);

    private static GatewayProcess gateway;
    private static Http http;

    private TenantDesk tenant;

    @BeforeAll
    static void start() throws IOException {
        gateway = WORLD.serve(List.of(), "standard", "other");
        http = new Http(gateway.awaitUrl());
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        gateway.process().toHandle().destroy();
        assertThat(gateway.awaitEnd()).doesNotContain(SECRET);
        SCRATCH.delete();
    }

    @BeforeEach
    void tenant() throws IOException {
        tenant = newTenant();
    }

    private static TenantDesk newTenant() throws IOException {
        var id = "launch-" + TENANTS.incrementAndGet();
        return TenantDesk.create(http, gateway.key("SALLYPORT_ADMIN_KEY"), id);
    }

    @Test
    @DisplayName("ST-02 a profile's name is all that a registration says of a program")
    void aProfileIsRegisteredByItsName() {
        var registered = LaunchWorld.register(tenant, "notes", "standard").ok();
        assertThat(registered.status()).isEqualTo(201);

        for (var shown : List.of(registered.json(), server("notes"))) {
            assertThat(shown.path("profile").asString()).isEqualTo("standard");
            assertThat(shown.has("url")).isFalse();
            assertThat(shown.has("unavailable")).isFalse();
            assertThat(shown.path("negotiated_era").asString()).isEqualTo("legacy");
            assertThat(shown.path("tools")).hasSize(2);
        }
    }

    private JsonNode server(String slug) {
        return tenant.admin(Ask.get("/admin/v1/servers/" + slug)).ok().json();
    }

    /** A file that somebody passed on starts nothing by itself. */
    @Test
    void aFileStartsAProgramOnlyIfTheAdminSaysSo() {
        var file = "{\"mcpServers\":{\"notes\":{\"profile\":\"standard\"}}}";
        var imports = "/admin/v1/servers/import";

        var plain = tenant.admin(Ask.post(imports, file)).ok().json();
        var named = tenant.admin(Ask.post(imports + "?profiles=named", file)).ok().json();

        assertThat(plain.at("/items/0/code").asString()).isEqualTo("stdio_disabled");
        assertThat(named.at("/items/0/status").asString()).isEqualTo("registered");
        assertThat(server("notes").path("profile").asString()).isEqualTo("standard");
    }

    /** What may be dialled is said for those entries that are dialled. */
    @Test
    void anImportThatPermitsAddressesTakesProgramsToo() {
        var file = "{\"mcpServers\":{\"notes\":{\"profile\":\"standard\"}}}";
        var permitting = "/admin/v1/servers/import?profiles=named&egress=127.0.0.1/32:1";

        var item = tenant.admin(Ask.post(permitting, file)).ok().json().at("/items/0");

        assertThat(item.path("status").asString()).as(item.toString()).isEqualTo("registered");
    }

    @ParameterizedTest
    @DisplayName("ST-02 a launch profile is an exact tuple")
    @ValueSource(
            strings = {
                "\"args\":[\"-x\"]",
                "\"args\":[]",
                "\"cwd\":\"/\"",
                "\"env\":{\"A\":\"b\"}",
                "\"env\":null",
                "\"command\":\"/bin/sh\"",
                "\"transport\":\"stdio\"",
                "\"cwd\":\"/\",\"unheard-of\":1"
            })
    void nothingIsAddedToAProfile(String member) {
        var more = "{\"slug\":\"more\",\"profile\":\"standard\"," + member + "}";
        assertRefused(post(more), "stdio_disabled");

        LaunchWorld.register(tenant, "notes", "standard").ok();
        assertRefused(
                tenant.admin(Ask.of("PATCH", "/admin/v1/servers/notes").json("{" + member + "}")),
                "stdio_disabled");
    }

    /** Another program is another server to its reviewers. */
    @Test
    void aServerIsGivenAnotherProfile() {
        LaunchWorld.serve(tenant, "notes", "standard", "");
        var notes = Ask.of("PATCH", "/admin/v1/servers/notes");

        assertRefused(
                tenant.admin(notes.json("{\"url\":\"https://crm.example/mcp\"}")),
                "invalid_request");
        assertRefused(tenant.admin(notes.json("{\"profile\":\"standards\"}")), "invalid_request");
        assertRefused(tenant.admin(notes.json("{\"profile\":\"mute\"}")), "program_ended");
        assertThat(server("notes").path("profile").asString()).isEqualTo("standard");
        var changed = tenant.admin(notes.json("{\"profile\":\"other\"}")).ok().json();

        assertThat(changed.path("profile").asString()).isEqualTo("other");
        assertThat(changed.path("tools").valueStream().map(it -> it.path("status").asString()))
                .containsOnly("changed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"profile\":\"standards\"",
                "\"profile\":\"\"",
                "\"profile\":\"../standard\"",
                "\"profile\":\"standard\",\"url\":\"https://crm.example/mcp\"",
                "\"labels\":[]",
                "\"profile\":\"standard\",\"era\":\"modern\"",
                "\"profile\":\"standard\",\"relay\":[\"roots\"]",
                "\"profile\":\"standard\",\"egress\":{\"allow\":[\"127.0.0.1/32:1\"]}",
                "\"profile\":\"standard\",\"credential\":{\"type\":\"bearer\",\"secret\":\"x\"}"
            })
    void whatIsNoProfileOrDoesNotFitOneIsRefused(String members) {
        var refused = post("{\"slug\":\"odd\"," + members + "}");

        assertRefused(refused, "invalid_request");
        assertThat(refused.body()).doesNotContain("other", SECRET, StdioServer.class.getName());
    }

    private Reply post(String body) {
        return tenant.admin(Ask.post("/admin/v1/servers", body));
    }

    private static void assertRefused(Reply refused, String code) {
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("code").asString()).isEqualTo(code);
    }

    @Test
    void theProgramGetsExactlyWhatItsProfileSays() {
        LaunchWorld.serve(tenant, "notes", "standard", "");
        tenant.allow("notes/*");

        var world = LaunchWorld.world(session("user:ada"));

        assertThat(world.path("arguments").values())
                .extracting(JsonNode::asString)
                .containsExactly("a b;$(touch x)", SECRET);
        assertThat(world.path("environment").properties())
                .extracting(it -> it.getKey() + "=" + it.getValue().asString())
                .containsExactly("TOKEN=" + SECRET);
        assertThat(world.path("folder").asString()).isEqualTo(WORLD.folder("standard").toString());
    }

    private McpSession session(String owner) {
        return McpSession.open(http, tenant.key(owner, "agent"));
    }

    @Test
    void aToolThatPolicyDeniesIsNotSent() throws IOException {
        LaunchWorld.serve(tenant, "notes", "other", "");
        tenant.allow("notes/world");
        var session = session("user:ada");

        LaunchWorld.world(session);
        var denied = session.call("notes__secret", "{}").json();

        assertThat(denied.path("error").path("message").asString())
                .isEqualTo("Unknown tool: notes__secret");
        assertThat(Files.readAllLines(WORLD.folder("other").resolve("calls")))
                .contains("world")
                .doesNotContain("secret");
        assertThat(tenant.audit("kind=call.denied")).hasSize(1);
        assertThat(tenant.audit("kind=call.outcome").getFirst().path("status").asString())
                .isEqualTo("ok");
    }

    @Test
    void tenantsAndPrincipalsHaveProcessesOfTheirOwn() throws IOException {
        LaunchWorld.serve(tenant, "notes", "standard", "");
        tenant.allow("notes/*");
        long ada = pid(session("user:ada"));
        long bob = pid(session("user:bob"));
        long again = pid(session("user:ada"));
        tenant = newTenant();
        LaunchWorld.serve(tenant, "notes", "standard", "");
        tenant.allow("notes/*");
        long foreign = pid(session("user:ada"));

        assertThat(again).isEqualTo(ada);
        assertThat(List.of(ada, bob, foreign)).doesNotHaveDuplicates();
    }

    private static long pid(McpSession session) {
        return LaunchWorld.world(session).path("pid").asLong();
    }

    @Test
    void aServerThatRemembersNothingIsShared() {
        LaunchWorld.serve(tenant, "notes", "standard", ",\"stateless\":true");
        tenant.allow("notes/*");

        assertThat(pid(session("user:ada"))).isEqualTo(pid(session("user:bob")));
    }

    @Test
    void aProgramThatDiedIsStartedAgain() {
        LaunchWorld.serve(tenant, "notes", "standard", "");
        tenant.allow("notes/*");
        var session = session("user:ada");
        long first = pid(session);

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        awaitEnd(first);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> session.refusal("notes__world", "{}").isEmpty());
        assertThat(pid(session)).isNotEqualTo(first);
    }

    private static void awaitEnd(long pid) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PATCH"})
    void whatIsRemovedOrDisabledDoesNotRunOn(String method) {
        LaunchWorld.serve(tenant, "notes", "standard", "");
        tenant.allow("notes/*");
        long pid = pid(session("user:ada"));

        var ask = Ask.of(method, "/admin/v1/servers/notes");
        tenant.admin(method.equals("PATCH") ? ask.json("{\"status\":\"disabled\"}") : ask).ok();

        awaitEnd(pid);
    }

    @Test
    void whatTheOperatorKeepsSecretIsShownNowhere() {
        LaunchWorld.serve(tenant, "notes", "standard", "");
        tenant.allow("notes/*");
        pid(session("user:ada"));

        for (var path : List.of("servers", "servers/notes", "tools", "tools/notes/world")) {
            assertThat(tenant.admin(Ask.get("/admin/v1/" + path)).ok().body())
                    .doesNotContain(SECRET, StdioServer.class.getName());
        }
        assertThat(tenant.audit("").toString()).doesNotContain(SECRET);
    }

    /** B10. */
    @Test
    void aProgramThatEndsSaysWhy() {
        var failed = LaunchWorld.register(tenant, "notes", "loud");

        assertThat(failed.status()).isEqualTo(422);
        assertThat(failed.json().path("code").asString()).isEqualTo("program_ended");
        assertThat(failed.json().path("detail").asString()).contains("no backend begins");
    }

    @Test
    void aProgramThatIsNoServerIsAnErrorWithoutDetails() {
        var failed = LaunchWorld.register(tenant, "notes", "mute");

        assertThat(failed.status()).isEqualTo(422);
        assertThat(failed.json().path("code").asString()).isEqualTo("program_ended");
        assertThat(failed.body()).doesNotContain(SECRET, "/bin");
    }
}
