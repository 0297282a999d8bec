package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one tenant's data costs to check is no other tenant's trouble. */
@ExtendWith(GatewayExtension.class)
@Timeout(180)
class CostlyCallsTest {
    private static final String UNIQUE =
            """
            {"name":"%s","inputSchema":{"type":"object","properties":{"a":{"uniqueItems":true}}}}\
            """;

    private final TenantDesk hostile;
    private final TenantDesk other;
    private final ScriptedUpstream costly = ScriptedUpstream.listing("echo");
    private final ScriptedUpstream plain = ScriptedUpstream.listing("echo");
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    CostlyCallsTest(RunningGateway gateway) {
        hostile = gateway.newTenant("hostile");
        other = gateway.newTenant("other");
    }

    @BeforeEach
    void serve() {
        costly.tools(UNIQUE.formatted("check"));
        hostile.serve("c", costly.endpoint());
        hostile.allow("*");
        other.serve("p", plain.endpoint());
        other.allow("*");
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        costly.close();
        plain.close();
    }

    /** H1: 60 000 integers of one hash code; four of them stopped the gateway for minutes. */
    @Test
    void othersAreAnsweredWhileCollidingItemsAreCompared() throws Exception {
        var attack = McpSession.open(hostile.http(), hostile.agent());
        var calls = McpSession.open(other.http(), other.agent());
        var items = "{\"a\":" + collidingIntegers(60_000) + "}";
        var attacks = new ArrayList<Future<Reply>>();
        for (int at = 0; at < 8; at++) {
            attacks.add(clients.submit(() -> attack.call("c__check", items)));
        }

        do {
            assertThat(calls.refusal("p__echo", "{\"text\":\"hi\"}")).isEmpty();
            assertThat(other.http().send(Ask.get("/readyz")).status()).isEqualTo(200);
        } while (!attacks.stream().allMatch(Future::isDone));

        for (var ended : attacks) {
            assertThat(ended.get().status()).isIn(200, 503);
        }
    }

    /** H3: what is beyond its size is rejected, and takes nothing else of the list with it. */
    @Test
    void aHugeDescriptorIsRejectedAlone() {
        var name = "\"" + "n".repeat(8_000) + "\":{";
        var deep = name.repeat(50) + "\"s\":" + strings(4_000) + "}".repeat(50);
        var huge =
                UNIQUE.formatted("huge")
                        .replace("\"inputSchema\"", "\"_meta\":{" + deep + "},\"inputSchema\"");
        try (var server = ScriptedUpstream.listing("x").tools(huge, UNIQUE.formatted("small"))) {
            var tools = hostile.register("big", server.endpoint()).ok().json().path("tools");

            assertThat(tools.valueStream().map(it -> it.path("status").asString()))
                    .containsExactly("rejected", "pending_review");
            assertThat(tools.at("/0/findings/0/rule").asString()).isEqualTo("descriptor_too_large");
            var whole = hostile.admin(Ask.get("/admin/v1/tools/big/huge")).ok().json();
            var shown = whole.path("descriptor");
            assertThat(shown.propertyNames()).containsExactly("name", "not_shown", "bytes");
            assertThat(shown.path("name").asString()).isEqualTo("huge");
        }
    }

    /** H9: an approver sees what a model sees, beyond U+FFFF too. */
    @Test
    void anApproverSeesHiddenCharacters() {
        other.policy(
                """
                rules:
                  - {id: ask, effect: require_approval, tools: ["p/echo"]}
                """);
        var hidden = "\udb40\udc41\u3164\ufe0f\ue000\u202e";
        var asked =
                McpSession.open(other.http(), other.agent())
                        .result("p__echo", "{\"text\":\"pay" + hidden + "1\"}");
        var id = asked.at("/_meta/io.sallyport~1refusal").path("approvalId").asString();

        var params = other.admin(Ask.get("/admin/v1/approvals/" + id)).ok().json().path("params");

        assertThat(params.asString())
                .contains("pay\\udb40\\udc41\\u3164\\ufe0f\\ue000\\u202e1")
                .doesNotContain("\u3164");
    }

    private static String strings(int count) {
        return Stream.generate(() -> "\"x\"")
                .limit(count)
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** The hash code of a long is made of its halves: 31 times the upper and the lower. */
    private static String collidingIntegers(int count) {
        return LongStream.rangeClosed(1, count)
                .map(upper -> (upper << 32) + 4_000_000_000L - 31 * upper)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",", "[", "]"));
    }
}
