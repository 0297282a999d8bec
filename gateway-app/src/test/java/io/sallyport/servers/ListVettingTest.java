package io.sallyport.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.ByteBudget;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.catalog.Era;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerLists;
import io.sallyport.catalog.ServerProfile;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.egress.FaultDetail;
import io.sallyport.policy.Policy;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.tenant.TenantView;
import io.sallyport.threads.ComputePool;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What servers list is held as long as they are registered, so how much it is has a bound. */
class ListVettingTest {
    private static final TenantId TENANT = new TenantId("acme");

    private final ComputePool pool = new ComputePool();
    private final ListVetting vetting =
            new ListVetting(pool, ToolNaming.STANDARD, new ByteBudget(1 << 20), 200_000);

    @AfterEach
    void close() {
        pool.close();
    }

    /** Many nodes, a long text, many names: what each weighs counts, not how long its text is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]}",
                "{\"x\":\"0123456789012345678901234567890123456789012345678901234567890123456789"
                        + "0123456789012345678901234567890123456789012345678901234567890123456789"
                        + "0123456789012345678901234567890123456789012345678901234567890123456789\"}",
                "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9}"
            })
    void whatWeighsTooMuchIsNotTaken(String meta) throws MalformedJson {
        var few = answer(meta, 10);
        var many = answer(meta, 1_000);
        var nothing = view("one", ServerCatalog.EMPTY);

        var taken = refreshed(nothing, "one", ServerCatalog.EMPTY, few);
        assertThat(taken.tools()).hasSize(10);
        assertIsTooMuch(nothing, "one", ServerCatalog.EMPTY, many);
        assertIsTooMuch(view("one", taken), "one", taken, many);
    }

    /** What the tenant's other servers list counts; what one listed before is taken again. */
    @Test
    void aTenantsServersShareWhatItMayHave() throws MalformedJson {
        var half = answer("{\"x\":[[[[[[[[[[]]]]]]]]]]}", 60);
        var first = refreshed(view("one", ServerCatalog.EMPTY), "one", ServerCatalog.EMPTY, half);
        var full = view("one", first);

        assertIsTooMuch(full, "two", ServerCatalog.EMPTY, half);
        assertThat(refreshed(full, "one", first, half).tools()).hasSize(60);
    }

    /** What a server says of itself is kept as well. */
    @Test
    void whatServersSayOfThemselvesCounts() throws MalformedJson {
        var nodes = "[],".repeat(1_500) + "[]";
        var said = StrictJson.read("{\"x\":[" + nodes + "]}");
        var few = answer("{}", 1);
        var loud =
                new ServerAnswer(
                        new ServerProfile(Era.AUTO, said, Optional.empty(), said), few.lists(), "");
        var asked = ExampleCatalog.server(TENANT, "one").with(loud.profile());
        var nothing = view("two", ServerCatalog.EMPTY);

        assertThatThrownBy(() -> vetting.refreshed(nothing, asked, ServerCatalog.EMPTY, loud))
                .isInstanceOf(UpstreamException.class);
        assertThat(refreshed(nothing, "one", ServerCatalog.EMPTY, few).tools()).hasSize(1);
    }

    private void assertIsTooMuch(
            TenantView view, String server, ServerCatalog known, ServerAnswer answer) {
        assertThatThrownBy(() -> refreshed(view, server, known, answer))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        it ->
                                assertThat(it.detail().cause())
                                        .isEqualTo(FaultDetail.Cause.CATALOGUE_FULL));
    }

    private ServerCatalog refreshed(
            TenantView view, String server, ServerCatalog known, ServerAnswer answer) {
        var asked = ExampleCatalog.server(TENANT, server);
        return vetting.refreshed(view, asked, known, answer).catalog();
    }

    private static TenantView view(String server, ServerCatalog catalog) {
        var contents =
                new TenantView.Contents(
                        Policy.denyAll(),
                        List.of(ExampleCatalog.server(TENANT, server)),
                        catalog.tools(),
                        List.of(),
                        List.of(),
                        List.of(),
                        catalog.entries());
        return new TenantView(TENANT, 1, contents);
    }

    private static ServerAnswer answer(String meta, int tools) throws MalformedJson {
        var tree = StrictJson.read(meta);
        var listed = IntStream.range(0, tools).mapToObj(it -> tool("t" + it, tree)).toList();
        var empty = JsonNodeFactory.instance.objectNode();
        return new ServerAnswer(
                new ServerProfile(Era.AUTO, empty, Optional.empty(), empty),
                new ServerLists(listed, List.of(), List.of(), List.of()),
                "");
    }

    private static JsonNode tool(String name, JsonNode meta) {
        var tool = JsonNodeFactory.instance.objectNode().put("name", name);
        tool.putObject("inputSchema").put("type", "object");
        return tool.set("_meta", meta);
    }
}
