package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(GatewayExtension.class)
class ListChangedTest {
    private final TenantDesk tenant;
    private final ScriptedUpstream server = ScriptedUpstream.listing("echo").storms();

    ListChangedTest(RunningGateway gateway) {
        tenant = gateway.newTenant("changes");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @DisplayName("TD-14 a storm of list_changed lists the server at most once in ten seconds")
    void aStormIsBounded() {
        tenant.serve("echo", server.endpoint());

        await().atMost(Duration.ofMinutes(1)).until(() -> server.listings().size() >= 3);

        var listings = server.listings();
        assertThat(server.notices()).isGreaterThan(1_000);
        assertThat(Duration.between(listings.get(1), listings.get(2)))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(10).minusMillis(50));
    }
}
