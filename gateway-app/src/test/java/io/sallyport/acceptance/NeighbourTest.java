package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.Gateway;
import io.sallyport.servers.LaunchProfiles;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways in one process do not share their end. */
@ExtendWith(GatewayExtension.class)
class NeighbourTest {
    private final RunningGateway gateway;

    NeighbourTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    @Test
    void aGatewayThatEndsLeavesTheOthersAlone(@TempDir Path folder) throws Exception {
        try (var _ =
                Gateway.start(
                        new Gateway.Options(
                                true, 0, folder, Optional.empty(), new LaunchProfiles.Off()))) {
            assertThat(gateway.newTenant("before").agent()).isNotEmpty();
        }
        assertThat(gateway.newTenant("after").agent()).isNotEmpty();
    }
}
