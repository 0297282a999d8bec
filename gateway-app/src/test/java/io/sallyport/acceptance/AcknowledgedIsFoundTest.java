package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A search finds everything that was acknowledged before it, whoever else is writing. */
@ExtendWith(GatewayExtension.class)
class AcknowledgedIsFoundTest {
    private static final int TENANTS = 4;
    private static final int CHANGES = 25;

    private final List<TenantDesk> tenants;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("look");

    AcknowledgedIsFoundTest(RunningGateway gateway) {
        tenants =
                IntStream.range(0, TENANTS)
                        .mapToObj(it -> gateway.newTenant("found" + it))
                        .toList();
    }

    @Test
    void aSearchFindsWhatWasAcknowledgedBeforeIt() {
        var desks =
                tenants.stream()
                        .map(it -> CompletableFuture.runAsync(() -> changeAndLook(it)))
                        .toList();
        desks.forEach(CompletableFuture::join);
        upstream.close();
    }

    private void changeAndLook(TenantDesk tenant) {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        var mcp = McpSession.open(tenant.http(), tenant.agent());
        var changes = tenant.audit("kind=config.changed").size();
        for (int change = 1; change <= CHANGES; change++) {
            turn(tenant, change);
            assertThat(tenant.audit("kind=config.changed")).hasSize(changes + change);
            mcp.call("u1__look", "{}");
            assertThat(calls(tenant)).isEqualTo(change);
        }
    }

    /** A stopped tool is refused, and both answers are recorded. */
    private static int calls(TenantDesk tenant) {
        return tenant.audit("kind=call.outcome").size() + tenant.audit("kind=call.denied").size();
    }

    private static void turn(TenantDesk tenant, int change) {
        var path = "/admin/v1/tools/u1/look/" + (change % 2 == 1 ? "stop" : "start");
        tenant.admin(Ask.post(path, "{\"reason\":\"to and fro\"}")).ok();
    }
}
