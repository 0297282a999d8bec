package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** H26: whatever stands in a query is understood or refused, and never an internal error. */
@ExtendWith(GatewayExtension.class)
class AdminQueryTest {
    private static final List<String> AUDIT =
            List.of(
                    "from",
                    "to",
                    "principal",
                    "key",
                    "server",
                    "tool",
                    "kind",
                    "decision",
                    "run",
                    "status",
                    "cursor");
    private static final List<String> APPROVALS =
            List.of("state", "requester", "server", "tool", "cursor");
    private static final List<String> TOOLS = List.of("server", "status", "include", "cursor");
    private static final List<String> USAGE = List.of("by", "from", "to", "cursor");
    private static final List<String> EXTREMES =
            List.of(
                    "",
                    "\0",
                    "a\0b",
                    "\r\nx: y",
                    "+1000000000-12-31T23:59:59.999999999Z",
                    "-1000000000-01-01T00:00:00Z",
                    "0000-01-01T00:00:00Z",
                    "2026-01-31",
                    "99999999999999999999",
                    "-1",
                    "9223372036854775807",
                    "9223372036854775807.9223372036854775807",
                    "1e309",
                    "apr_",
                    "'; drop table approval; --",
                    "%",
                    "\uFFFF\uDBFF\uDFFF",
                    "x".repeat(3_000));

    private final TenantDesk tenant;

    AdminQueryTest(RunningGateway gateway) {
        tenant = gateway.newTenant("queries");
    }

    private static Stream<String> queries() {
        return Stream.of(
                        queries("audit", AUDIT),
                        queries("approvals", APPROVALS),
                        queries("tools", TOOLS),
                        queries("usage", USAGE))
                .flatMap(it -> it);
    }

    private static Stream<String> queries(String list, List<String> names) {
        return names.stream().map(it -> list + "?" + it);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void anExtremeValueIsNoInternalError(String query) {
        for (var value : EXTREMES) {
            assertThat(status(query + "=" + encoded(value)))
                    .as("%s=%s", query, encoded(value))
                    .isIn(200, 400);
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aParameterThatIsGivenTwiceOrWithoutAValueIsRefused(String query) {
        var name = query.substring(query.indexOf('?') + 1);

        assertThat(status(query + "=a&" + name + "=a")).isEqualTo(400);
        assertThat(status(query)).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1000000000-12-31T23:59:59.999999999Z",
                "-1000000000-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z"
            })
    void aTimeBeyondAllCalendarsIsRefusedByName(String time) {
        for (var name : List.of("from", "to")) {
            var reply = tenant.admin(Ask.get("/admin/v1/audit?" + name + "=" + encoded(time)));

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().path("detail").asString()).startsWith(name + " must be a time");
        }
    }

    @Test
    void noTextInAnyParameterIsAnInternalError() {
        var random = new Random(26);
        var queries = queries().toList();
        for (int turn = 0; turn < 300; turn++) {
            var query = queries.get(random.nextInt(queries.size())) + "=" + encoded(text(random));
            assertThat(status(query)).as(query).isIn(200, 400);
        }
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(40), 0, Character.MAX_CODE_POINT + 1)
                .filter(it -> it < Character.MIN_SURROGATE || it > Character.MAX_SURROGATE)
                .map(it -> random.nextBoolean() ? it & 0x7f : it)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private int status(String query) {
        return tenant.admin(Ask.get("/admin/v1/" + query)).status();
    }
}
