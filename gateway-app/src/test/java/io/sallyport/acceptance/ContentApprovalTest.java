package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A resource for which a rule asks people, like a call. */
@ExtendWith(GatewayExtension.class)
class ContentApprovalTest {
    private static final String POLICY =
            """
            rules:
              - id: ask
                effect: require_approval
                resources: ["u1/*"]
            """;

    private final ScriptedUpstream server =
            ScriptedUpstream.listing("echo")
                    .resources("{\"uri\":\"note://board/agenda\",\"name\":\"agenda\"}");

    private final TenantDesk tenant;
    private final ModernClient client;

    ContentApprovalTest(RunningGateway gateway) {
        tenant = gateway.newTenant("readers");
        client = new ModernClient(tenant.http(), "/mcp/servers/u1", tenant.agent());
        server.onCall(
                ScriptedUpstream.answers(
                        "{\"contents\":[{\"uri\":\"note://board/agenda\",\"text\":\"hello\"}]}"));
        var etag = tenant.register("u1", server.endpoint()).ok().header("etag");
        var all = Ask.post("/admin/v1/servers/u1/approve", "{\"all\":true,\"risk\":\"read\"}");
        tenant.admin(all.with("If-Match", etag)).ok();
        tenant.policy(POLICY);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void itIsReadOnceAfterSomebodyApprovedTheReading() {
        assertThat(read().json().has("error")).isTrue();
        assertThat(server.calls()).isEmpty();

        var approval = approval();
        assertThat(approval.path("op").asString()).isEqualTo("resources/read");
        approve(approval.path("id").asString());

        assertThat(read().ok().body()).contains("hello");
        assertThat(read().json().has("error")).isTrue();
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void itsRecordsNameTheMethod() {
        read();
        approve(approval().path("id").asString());
        read();

        for (var kind : new String[] {"requested", "decided", "consumed"}) {
            assertThat(tenant.audit("kind=approval." + kind))
                    .as(kind)
                    .singleElement()
                    .matches(it -> it.path("op").asString().equals("resources/read"));
        }
    }

    private Reply read() {
        return client.send(
                client.ask("resources/read", "\"uri\":\"note://board/agenda\",")
                        .with("mcp-name", "note://board/agenda"));
    }

    private JsonNode approval() {
        var pending = tenant.admin(Ask.get("/admin/v1/approvals?state=pending")).ok().json();
        return pending.path("items").path(0);
    }

    private void approve(String id) {
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + id + "/decision",
                                "{\"decision\":\"approve\",\"reason\":\"test\"}"))
                .ok();
    }
}
