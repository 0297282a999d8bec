package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.HeaderText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class ModernRulesTest {
    private static final String META =
            """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
             "io.modelcontextprotocol/clientCapabilities":{}}\
            """;

    private final HttpHeaders headers = new HttpHeaders();
    private final McpHeaders read = new McpHeaders(headers);

    @Test
    void aRequestThatAgreesWithItsHeadersHasNoFault() {
        headers.set("MCP-Protocol-Version", "2026-07-28");
        headers.set("mcp-method", "tools/call");
        headers.set("MCP-NAME", " echo\t");

        var request = call("echo");

        assertThat(ModernRules.apply(request, read)).isTrue();
        assertThat(ModernRules.versionFault(request, read)).isEmpty();
        assertThat(ModernRules.methodFault("tools/call", read)).isEmpty();
        assertThat(ModernRules.headerFault(request, read)).isEmpty();
        assertThat(ModernRules.metaFault(request)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Echo", "delete_user", "=?base64?ZGVsZXRlX3VzZXI=?=", "", "ech o"})
    @DisplayName("MP-01 a name in the header that is not the body's is a mismatch")
    void anotherName(String name) {
        headers.set("Mcp-Method", "tools/call");
        headers.set("Mcp-Name", name);

        assertMismatch(ModernRules.headerFault(call("echo"), read));
    }

    @Test
    void aNameInBase64IsTheNameThatItStandsFor() {
        headers.set("Mcp-Method", "tools/call");
        headers.set("Mcp-Name", "=?base64?w7xyaXM=?=");

        assertThat(ModernRules.headerFault(call("üris"), read)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"})
    @DisplayName("MP-01 a header that comes twice is a mismatch, even if both are right")
    void repeatedHeaders(String name) {
        headers.set("MCP-Protocol-Version", "2026-07-28");
        headers.set("Mcp-Method", "tools/call");
        headers.set("Mcp-Name", "echo");
        headers.add(name, headers.getFirst(name));
        var request = call("echo");

        assertMismatch(
                ModernRules.versionFault(request, read)
                        .or(() -> ModernRules.headerFault(request, read)));
    }

    @Test
    void methodsDifferByCase() {
        headers.set("Mcp-Method", "TOOLS/LIST");

        assertMismatch(ModernRules.methodFault("tools/list", read));
    }

    @ParameterizedTest
    @CsvSource({
        "2025-11-25, false",
        "2026-07-28, true",
        "2026-12-01, true",
        "2099-01-01, true",
        "nonsense, false"
    })
    void aHeaderOfTheEraPutsARequestOnThisLane(String version, boolean modern) {
        headers.set("MCP-Protocol-Version", version);

        assertThat(ModernRules.apply(request("{}"), read)).isEqualTo(modern);
    }

    @Test
    void aResourceIsNamedByItsUri() {
        headers.set("Mcp-Method", "resources/read");
        headers.set("Mcp-Name", "test://a");
        var request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":%s}";

        assertThat(
                        ModernRules.headerFault(
                                parse(request.formatted("{\"uri\":\"test://a\"}")), read))
                .isEmpty();
        assertMismatch(
                ModernRules.headerFault(parse(request.formatted("{\"uri\":\"test://b\"}")), read));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    plain                  | plain
                    =?base64?SGVsbG8=?=    | Hello
                    =?base64?SGVsbG8=      | =?base64?SGVsbG8=
                    SGVsbG8=?=             | SGVsbG8=?=
                    =?base64?SGVsbG8?=     |
                    =?base64?SGVs!!!bG8=?= |
                    =?base64?/w==?=        |
                    =?BASE64?SGVsbG8=?=    | =?BASE64?SGVsbG8=?=
                    """)
    void headerTextsAreDecodedOnlyInTheirExactForm(
            String value, @org.jspecify.annotations.Nullable String text) {
        assertThat(HeaderText.decode(value)).isEqualTo(Optional.ofNullable(text));
    }

    private static void assertMismatch(Optional<RpcFault> fault) {
        assertThat(fault).map(RpcFault::code).contains(-32020);
    }

    private static RpcMessage.Request call(String name) {
        return request("{\"name\":\"" + name + "\",\"arguments\":{}," + META + "}");
    }

    private static RpcMessage.Request request(String params) {
        return parse(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                        + params
                        + "}");
    }

    private static RpcMessage.Request parse(String text) {
        try {
            return (RpcMessage.Request) RpcMessage.read(StrictJson.read(text));
        } catch (MalformedJson e) {
            throw new AssertionError(text, e);
        }
    }
}
