package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of started servers when the gateway ends, and when their profiles are gone. */
@Timeout(180)
class LaunchEndTest {
    private final Scratch scratch = Scratch.make();
    private final LaunchWorld world = new LaunchWorld(scratch.path(), "secret");
    private final List<GatewayProcess> started = new ArrayList<>();

    @AfterEach
    void clear() throws IOException, InterruptedException {
        for (var gateway : started) {
            if (gateway.process().isAlive()) {
                gateway.stop();
            }
        }
        scratch.delete();
    }

    private TenantDesk start(Optional<Path> profiles) throws IOException {
        var arguments = new ArrayList<>(List.of("--dev", "--port", "0"));
        profiles.ifPresent(it -> arguments.addAll(List.of("--profiles", it.toString())));
        var data = scratch.path().resolve("data");
        var gateway = GatewayProcess.serve(data, arguments.toArray(String[]::new));
        started.add(gateway);
        var http = new Http(gateway.awaitUrl());
        return TenantDesk.existing(http, gateway.key("SALLYPORT_ADMIN_KEY"), "default");
    }

    @Test
    void programsEndWithTheGatewayAndWithoutTheirProfileStayAway() throws Exception {
        var tenant = start(Optional.of(world.file("gone", "kept")));
        LaunchWorld.serve(tenant, "notes", "gone", "");
        LaunchWorld.serve(tenant, "kept", "kept", "");
        tenant.allow("*/*");
        var agent = tenant.agent();
        long pid = LaunchWorld.world(session(tenant, agent)).path("pid").asLong();

        started.getLast().stop();
        awaitEnd(pid);

        tenant = start(Optional.of(world.file("kept")));
        assertThat(unavailable(tenant, "notes")).contains("no launch profile of that name");
        assertThat(unavailable(tenant, "kept")).isEmpty();
        assertThat(session(tenant, agent).refusal("notes__world", "{}"))
                .isEqualTo("upstream_error");
        assertThat(session(tenant, agent).refusal("kept__world", "{}")).isEmpty();

        started.getLast().stop();
        tenant = start(Optional.empty());
        assertThat(unavailable(tenant, "kept")).contains("are off");
        assertThat(session(tenant, agent).refusal("kept__world", "{}")).isEqualTo("upstream_error");
        for (var refused :
                List.of(
                        LaunchWorld.register(tenant, "new", "kept"),
                        tenant.admin(Ask.post("/admin/v1/servers", "{\"profile\":1}")),
                        tenant.admin(Ask.post("/admin/v1/servers/kept/refresh", "")))) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.json().path("code").asString()).isEqualTo("stdio_disabled");
        }
    }

    private static McpSession session(TenantDesk tenant, String agent) {
        return McpSession.open(tenant.http(), agent);
    }

    private static String unavailable(TenantDesk tenant, String slug) {
        return tenant.admin(Ask.get("/admin/v1/servers/" + slug))
                .ok()
                .json()
                .path("unavailable")
                .asString("");
    }

    @Test
    void programsEndEvenWithAGatewayThatIsKilled() throws Exception {
        var tenant = start(Optional.of(world.file("gone")));
        LaunchWorld.serve(tenant, "notes", "gone", "");
        tenant.allow("*/*");
        long pid = LaunchWorld.world(session(tenant, tenant.agent())).path("pid").asLong();

        started.getLast().kill();

        awaitEnd(pid);
        start(Optional.empty()); // takes over the database that was left behind
    }

    private static void awaitEnd(long pid) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }
}
