package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake is told as what it is. */
@ExtendWith(GatewayExtension.class)
class PlainMistakesTest {
    private final RunningGateway gateway;
    private final TenantDesk tenant;

    PlainMistakesTest(RunningGateway gateway) {
        this.gateway = gateway;
        tenant = gateway.newTenant("typos");
    }

    private Reply get(String path) {
        return tenant.admin(Ask.get("/admin/v1/" + path));
    }

    /** Use 18. */
    @ParameterizedTest
    @CsvSource({
        "tools?sever=x, server",
        "tools?staus=approved, status",
        "audit?kinds=call.denied, kind",
        "audit?princpal=x, principal",
        "approvals?stat=pending, state",
        "tools?status=aproved, approved",
        "audit?kind=call.deny, call.denied",
        "audit?decision=denied, deny",
        "audit?status=okay, ok",
        "audit?kind=key.create, key.created",
    })
    void anUnknownFilterOrValueNamesTheClosest(String query, String closest) {
        var reply = get(query);

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().path("detail").asString())
                .endsWith("The closest is " + closest + ".");
    }

    /** Use 18. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "approvals?state=open | approved, cancelled, consumed, denied, expired, pending",
                "audit?decision=xx | allow, approve, cancel, deny, require_approval",
                "tools?label=x | cursor, include"
            })
    void whereNothingIsCloseAllThatThereIsIsNamed(String query, String words) {
        var detail = get(query).json().path("detail").asString();

        assertThat(detail).contains(" There is ").contains(words).doesNotContain("closest");
    }

    /** Use 18. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "servers?status=active",
                "keys?owner=user:ada",
                "models?limit=1",
                "toolsets?x=1",
                "stops?x=1",
                "policies/current?version=1",
                "audit/checkpoint?x=1"
            })
    void aCallWithoutFiltersTakesNone(String query) {
        assertThat(get(query).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"policies/current", "policies/validate"})
    void aPolicyWithMistakesIsRefusedWithAllOfThemAndIsOnRecord(String path) {
        var yaml = "rules: [{id: a, effect: alow, tools: ['*']}, {id: b, effect: allow, tols: []}]";
        var ask =
                path.endsWith("current")
                        ? Ask.put("/admin/v1/" + path, yaml)
                        : Ask.post("/admin/v1/" + path, yaml);
        var reply = tenant.admin(ask.with("content-type", "application/yaml"));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).isEqualTo("invalid_policy");
        assertThat(reply.json().path("detail").asString()).startsWith("Line 1, column ");
        assertThat(reply.json().path("findings").size()).isGreaterThan(1);
        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=request.rejected"))
                        .singleElement()
                        .matches(it -> it.path("reason").asString().equals("invalid_policy")));
    }

    /** Use 25. */
    @ParameterizedTest
    @ValueSource(
            strings = {"principal", "server", "tool", "kind", "decision", "run", "status", "from"})
    void noFilterHoldsACharacterThatNothingCan(String name) {
        assertThat(get("audit?" + name + "=a%00b").status()).isEqualTo(400);
    }

    /** Use 25. */
    @Test
    void noTextOfABodyHoldsOneEither() {
        var reason =
                Ask.post("/admin/v1/tenants/" + tenant.id() + "/stop", "{\"reason\":\"a\\u0000\"}");
        var owner = Ask.post("/admin/v1/keys", "{\"owner\":\"user:a\\u0000\"}");
        var tools = Ask.put("/admin/v1/toolsets/x", "{\"tools\":[\"u1/a\\u0000\"]}");
        var approval =
                Ask.post(
                        "/admin/v1/approvals/apr_1/decision",
                        "{\"decision\":\"deny\",\"reason\":\"\\u0000\"}");

        for (var ask : new Ask[] {reason, owner, tools, approval}) {
            assertThat(tenant.admin(ask).status()).as(ask.path()).isEqualTo(400);
        }
    }

    /** Use 26. */
    @ParameterizedTest
    @CsvSource({
        "/admin;x=1/v1/servers, 400",
        "/admin/v1/servers;.js, 400",
        "/admin/v1;/servers, 400",
        "/%61dmin/v1/servers, 404",
        "/admin/v1/s%65rvers, 404",
        "/admin/v1/%2e/servers, 404",
        "/admin//v1/servers, 404",
        "/admin/v1/servers/, 404",
        "/Admin/v1/servers, 404",
        "/admin%2fv1/servers, 404",
        "/livez;x, 400",
        "/%6civez, 404"
    })
    void aRouteHasOneSpelling(String path, int status) {
        assertThat(tenant.admin(Ask.get(path)).status()).isEqualTo(status);
    }

    /** Use 26. */
    @Test
    void whatANameNeedsEncodedIsEncoded() {
        tenant.agent();

        assertThat(get("tools/u1/a%20b%2Fc").json().path("code").asString()).isEqualTo("not_found");
        var stop = Ask.post("/admin/v1/principals/user%3Aada/stop", "{\"reason\":\"test\"}");
        assertThat(tenant.admin(stop).status()).isEqualTo(200);
    }

    /** Use 12. */
    @Test
    void aMisspeltRiskIsNoConflict() {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            tenant.register("u1", upstream.endpoint()).ok();
            var ask =
                    Ask.post(
                            "/admin/v1/servers/u1/approve",
                            "{\"all\":true,\"risk\":\"destructiv\"}");

            var reply = tenant.admin(ask);

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().path("detail").asString()).contains("destructive");
        }
    }

    /** Use 12. */
    @Test
    void undeclaredArgumentsAreToldOnceAndByTheirPlace() {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            tenant.serve("u2", upstream.endpoint());
            tenant.allow("u2/*");
            var mcp = McpSession.open(tenant.http(), tenant.agent());

            var result = mcp.result("u2__echo", "{\"a\":1,\"b\":2,\"c\":3}");

            var errors = result.at("/_meta/io.sallyport~1refusal/errors").valueStream().toList();
            assertThat(errors).doesNotHaveDuplicates().isNotEmpty();
            assertThat(errors.toString()).doesNotContain("\": ");
        }
    }

    /** Use 12. */
    @Test
    void theRootSaysWhatThisIs() {
        var reply = gateway.send(Ask.get("/"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("documents").asString()).contains("docs/README.md");
        assertThat(reply.json().path("mcp").asString()).isEqualTo(gateway.url() + "/mcp");
    }
}
