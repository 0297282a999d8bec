package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** H7: what a search shows is what the log holds. */
@ExtendWith(GatewayExtension.class)
class AuditPagesTest {
    private static final int CALLS = 60;

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("look", "wipe");

    AuditPagesTest(RunningGateway gateway) {
        tenant = gateway.newTenant("pages");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void everyRecordIsOnOnePageNewestFirst() {
        call();

        var all = tenant.audit("kind=call.intent");
        var everything = tenant.audit("");

        assertThat(all).hasSize(CALLS);
        assertThat(everything).hasSizeGreaterThan(2 * CALLS);
        assertThat(everything.stream().map(it -> it.path("record").asString()))
                .doesNotHaveDuplicates();
        assertThat(everything.stream().map(it -> it.path("ts").asString()).toList())
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void everyFilterShowsWhatItNamesAndNothingElse() {
        call();

        assertThat(tenant.audit("tool=look&status=ok")).hasSize(CALLS);
        assertThat(tenant.audit("server=u1&decision=allow")).hasSize(CALLS);
        assertThat(tenant.audit("decision=deny&principal=user:ada")).hasSize(1);
        assertThat(tenant.audit("principal=user:nobody")).isEmpty();
        assertThat(tenant.audit("server=u2")).isEmpty();
        var denied = tenant.audit("kind=call.denied").getFirst();
        var at = denied.path("ts").asString();
        assertThat(records("from=" + at)).contains(denied.path("record").asString());
        assertThat(records("to=" + at)).doesNotContain(denied.path("record").asString());
        assertThat(records("from=" + at + "&to=" + at)).isEmpty();
    }

    private List<String> records(String query) {
        return tenant.audit(query).stream().map(it -> it.path("record").asString()).toList();
    }

    private void call() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/look");
        var mcp = McpSession.open(tenant.http(), tenant.agent());
        for (int number = 0; number < CALLS; number++) {
            assertThat(mcp.refusal("u1__look", "{\"text\":\"1\"}")).isEmpty();
        }
        JsonNode reply = mcp.call("u1__wipe", "{\"text\":\"1\"}").json();
        assertThat(reply.at("/error/message").asString()).startsWith("Unknown tool");
    }
}
