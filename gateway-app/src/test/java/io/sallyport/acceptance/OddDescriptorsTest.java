package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Descriptors that no published server has: what they say is passed on, not understood, but for
 * what strict clients refuse the whole list for (A10).
 */
@ExtendWith(GatewayExtension.class)
class OddDescriptorsTest {
    private static final String ODD =
            "{\"a\":1.10,\"b\":1E400,\"c\":1234567890123456789012345,\"d\":12345678901234567890.12345,"
                    + "\"e\":-0,\"null\":null,\"object\":{},\"array\":[],\"\":\"\\u0000\\ud83d\\ude00\"}";

    private static final String COMMON =
            """
            ,"title":"T","annotations":{"readOnlyHint":true,"novelHint":1.10,"audience":["novel"]},"novel":ODD,
            "icons":[{"src":"FAR/icon.png","sizes":["any"],"theme":"novel","novel":null}],"_meta":{"theirs":ODD}\
            """;

    private static final String TOOL =
            """
            {"name":"odd","execution":{"taskSupport":"optional","novel":1.10},
             "inputSchema":{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","x-novel":ODD,
              "properties":{"n":{"type":"number","multipleOf":0.10,"maximum":12345678901234567890.12345,"default":1.10,"examples":[-0,1E400,ODD]},
               "s":{"$ref":"#/$defs/s"},"never":false},
              "$defs":{"s":{"$anchor":"s","type":"string","contentEncoding":"base64","minLength":0}},
              "if":{"required":["n"]},"then":{"dependentRequired":{"n":[]}},"unevaluatedProperties":false},
             "outputSchema":{"type":"object","properties":{"x":{"const":1.0,"prefixItems":[true],"$comment":"c"}},"additionalProperties":{"enum":[1.10,null]}}COMMON}\
            """;

    private static final String UNSAFE =
            "{\"name\":\"far\",\"inputSchema\":{\"type\":\"object\",\"$ref\":\"FAR/schema.json\"}}";

    private static final String RESOURCE =
            "{\"uri\":\"docs://page\",\"name\":\"Page\",\"size\":1E3,\"mimeType\":\"novel/novel\"COMMON}";

    private static final String TEMPLATE =
            "{\"uriTemplate\":\"docs://{page}\",\"name\":\"Pages\"COMMON}";

    private static final String PROMPT =
            "{\"name\":\"sum\",\"arguments\":[{\"name\":\"text\",\"required\":false,\"novel\":ODD}]COMMON}";

    private final ScriptedUpstream upstream = ScriptedUpstream.listing();
    private final TenantDesk tenant;

    OddDescriptorsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("odd");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private String filled(String template) {
        return template.replace("COMMON", COMMON)
                .replace("ODD", ODD)
                .replace("FAR", upstream.endpoint().resolve("/far").toString());
    }

    private void serveOdd(Bridge bridge) {
        upstream.tools(filled(TOOL), filled(UNSAFE))
                .resources(filled(RESOURCE))
                .templates(filled(TEMPLATE))
                .prompts(filled(PROMPT));
        serve(bridge);
    }

    private void serve(Bridge bridge) {
        bridge.prepare(upstream);
        var etag = tenant.register("u1", upstream.endpoint()).ok().header("etag");
        var everything = "{\"all\":true,\"risk\":\"read\",\"override_findings\":true}";
        var approve = Ask.post("/admin/v1/servers/u1/approve", everything);
        tenant.admin(approve.with("If-Match", etag)).ok();
        tenant.policy(
                """
                rules:
                  - {id: all, effect: allow, tools: ["*"], resources: ["*"], prompts: ["*"]}
                """);
    }

    @ParameterizedTest
    @EnumSource
    void everyKindIsListedUnchangedAndNothingThatItNamesIsFetched(Bridge bridge) {
        serveOdd(bridge);

        assertThat(listed(bridge, "tools/list", "tools")).containsExactly(exact(TOOL));
        assertThat(listed(bridge, "resources/list", "resources"))
                .containsExactly(withoutAudience(RESOURCE));
        assertThat(listed(bridge, "resources/templates/list", "resourceTemplates"))
                .containsExactly(withoutAudience(TEMPLATE));
        assertThat(listed(bridge, "prompts/list", "prompts")).containsExactly(exact(PROMPT));
        assertThat(upstream.strays()).isEmpty();
    }

    /** With the spelling of {@code false} that clients take, and without an unknown theme. */
    private String exact(String template) {
        return ExactText.of(
                filled(template)
                        .replace("\"never\":false", "\"never\":{\"not\":{}}")
                        .replace(",\"theme\":\"novel\"", ""));
    }

    /** Only of content MCP says who it may be for. */
    private String withoutAudience(String template) {
        return exact(template.replace("COMMON", COMMON.replace(",\"audience\":[\"novel\"]", "")));
    }

    /** A10. The sessions of 2025 know no results but objects. */
    @ParameterizedTest
    @EnumSource
    void anOutputSchemaOfSomethingElseIsOfferedToWhoeverKnowsIt(Bridge bridge) {
        var plain = "{\"name\":\"%s\",\"inputSchema\":{\"type\":\"object\"},\"outputSchema\":%s}";
        upstream.tools(
                plain.formatted("list", "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"),
                plain.formatted("either", "{\"type\":[\"object\",\"null\"]}"),
                plain.formatted("typeless", "{\"required\":[\"a\"]}"),
                plain.formatted("object", "{\"type\":\"object\",\"properties\":{\"a\":true}}"));
        serve(bridge);

        var ask = bridge.ask(tenant, "tools/list", "", "\"cursor\":\"\"", "");
        var tools = tenant.http().send(ask).ok().json().at("/result/tools");

        assertThat(tools.valueStream().filter(it -> it.has("outputSchema")))
                .hasSize(bridge.isModernClient() ? 4 : 1)
                .anySatisfy(
                        it -> assertThat(it.at("/outputSchema/properties/a").isObject()).isTrue());
        upstream.onCall(
                ScriptedUpstream.answers("{\"content\":[],\"structuredContent\":[\"secret\"]}"));
        var call = bridge.ask(tenant, "tools/call", "list", "\"name\":\"list\"", "");
        assertThat(tenant.http().send(call).ok().body())
                .contains("isError")
                .doesNotContain("secret");
    }

    private List<String> listed(Bridge bridge, String method, String member) {
        var ask = bridge.ask(tenant, method, "", "\"cursor\":\"\"", "");
        JsonNode result = tenant.http().send(ask).ok().json().path("result");
        return result.path(member).valueStream().map(ExactText::of).toList();
    }
}
