package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(GatewayExtension.class)
class ManagementTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "metrics.md");

    private final Scratch scratch = Scratch.make();
    private final Http management;
    private final Http everybody;

    ManagementTest(RunningGateway running) {
        management = new Http(running.gateway().managementUrl());
        everybody = running.http();
    }

    @AfterEach
    void clear() throws IOException {
        scratch.delete();
    }

    @Test
    void healthIsTheSameOnBothPorts() {
        for (var http : List.of(management, everybody)) {
            assertThat(http.send(Ask.get("/livez")).body()).isEqualTo("ok");
            var ready = http.send(Ask.get("/readyz"));
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.body().lines())
                    .startsWith(
                            "ok",
                            "gateway serving",
                            "database ok",
                            "migrations ok",
                            "seal-key ok",
                            "writer-lease ok",
                            "audit-log ok");
        }
    }

    @Test
    void everyMetricOfThePageIsThere() throws IOException {
        var scraped = management.send(Ask.get("/metrics")).body();
        var named =
                Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE)
                        .matcher(Files.readString(PAGE))
                        .results()
                        .map(it -> it.group(1))
                        .toList();

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(named)
                .allSatisfy(it -> assertThat(scraped).containsPattern("(?m)^" + it + "[{ ]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics",
                "/actuator",
                "/actuator/health",
                "/env",
                "/heapdump",
                "/shutdown",
                "/threaddump",
                "/prometheus",
                "/actuator/env",
                "/actuator/heapdump"
            })
    void nothingOfItIsOnThePublicPort(String path) {
        assertThat(everybody.send(Ask.get(path)).status()).isIn(401, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/actuator",
                "/env",
                "/heapdump",
                "/shutdown",
                "/v1/me",
                "/mcp",
                "/admin/v1/keys"
            })
    void thereIsNothingElseOnTheManagementPort(String path) {
        assertThat(management.send(Ask.get(path)).status()).isEqualTo(404);
    }

    @Test
    void theTerminalTellsThePortAndACleanStopIsNoFailure()
            throws IOException, InterruptedException {
        var gateway = GatewayProcess.serve(scratch.path().resolve("data"), "--dev", "--port=0");
        gateway.awaitUrl();

        gateway.process().toHandle().destroy();

        assertThat(gateway.awaitEnd()).contains("health and metrics: http://127.0.0.1:");
        assertThat(gateway.process().exitValue()).isZero();
    }
}
