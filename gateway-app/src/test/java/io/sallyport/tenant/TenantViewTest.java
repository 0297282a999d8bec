package io.sallyport.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.catalog.Toolset;
import io.sallyport.identity.ApiKey;
import io.sallyport.identity.KeyKind;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyReading;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/** R5. A view that was changed in one part says the same as one that was read as a whole. */
class TenantViewTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final Policy ALL = policy("{id: all, effect: allow, tools: ['*']}");

    private static Policy policy(String rule) {
        return switch (Policy.read("rules:\n- " + rule + "\n")) {
            case PolicyReading.Valid(var policy, _, _) -> policy;
            case PolicyReading.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    private final TenantView view =
            new TenantView(
                    TENANT,
                    1,
                    new TenantView.Contents(
                            ALL,
                            List.of(server("b"), server("a"), server("a-b")),
                            List.of(
                                    tool("b", "x"),
                                    tool("a", "y"),
                                    tool("a", "x"),
                                    tool("a-b", "z")),
                            List.of(new Toolset("some", List.of("a/*"))),
                            List.of(),
                            List.of(key("k1", Optional.empty(), false), bound(false)),
                            List.of()));

    private static ApiKey bound(boolean blocked) {
        return key("k2", Optional.of(List.of("some")), blocked);
    }

    @Test
    void toolsAreInTheOrderOfTheirAliasesWhateverTheServer() {
        assertThat(aliases("k1")).containsExactly("a-b__z", "a__x", "a__y", "b__x");
        assertThat(view.tools()).hasSize(4);
        assertThat(visible(view, "k1")).containsExactlyElementsOf(aliases("k1"));
    }

    private List<String> aliases(String key) {
        return view.visibleTo(view.key(key).orElseThrow().principal()).values().stream()
                .map(it -> it.listed().alias())
                .toList();
    }

    private static List<String> visible(TenantView view, String key) {
        return view.visibleTo(view.key(key).orElseThrow().principal()).entrySet().stream()
                .map(it -> it.getValue().listed().alias())
                .toList();
    }

    @Test
    void aToolThatOneKeySeesIsFoundAndAnotherIsNot() {
        var seen = view.visibleTo(bound(false).principal());

        assertThat(seen.get(ref("a", "x"))).isNotNull();
        assertThat(seen.get(ref("b", "x"))).isNull();
        assertThat(seen.containsKey(ref("nowhere", "x"))).isFalse();
        assertThat(seen).hasSize(2);
    }

    @Test
    void everyPartThatChangesChangesTheLists() {
        var keyed = view.with(2, List.of(new ViewPart.OfKey("k2", Optional.of(unbound()))));
        assertThat(visible(keyed, "k2")).hasSize(4);
        assertThat(visible(view, "k2")).containsExactly("a__x", "a__y");

        var other = new Toolset("some", List.of("b/*"));
        var chosen = view.with(2, List.of(new ViewPart.OfToolset("some", Optional.of(other))));
        assertThat(visible(chosen, "k2")).containsExactly("b__x");

        var ruled = view.with(2, List.of(new ViewPart.OfPolicy(onlyX())));
        assertThat(visible(ruled, "k1")).containsExactly("a__x", "b__x");

        var listed =
                new ListedServer(
                        server("b"), new ServerCatalog(List.of(tool("b", "n")), List.of()));
        var grown =
                view.with(
                        2,
                        List.of(new ViewPart.OfServer(new ServerSlug("b"), Optional.of(listed))));
        assertThat(visible(grown, "k1")).containsExactly("a-b__z", "a__x", "a__y", "b__n");
        assertThat(grown.byAlias("b__x")).isEmpty();
        assertThat(grown.byAlias("b__n")).contains(ref("b", "n"));
        assertThat(grown.sequence()).isEqualTo(2);
    }

    private static ApiKey unbound() {
        return key("k2", Optional.empty(), false);
    }

    private static Policy onlyX() {
        return policy("{id: x, effect: allow, tools: ['*/x']}");
    }

    @Test
    void whatDidNotChangeIsTheSameObject() {
        var after = view.with(2, List.of(new ViewPart.OfKey("k3", Optional.of(unbound()))));

        assertThat(after.policy()).isSameAs(view.policy());
        assertThat(after.tools()).isSameAs(view.tools());
        assertThat(after.key("k1").orElseThrow()).isSameAs(view.key("k1").orElseThrow());
    }

    @Test
    void aCrowdOfKeysIsRememberedUpToABound() {
        var work = new PerKey<String>();
        IntStream.range(0, 5_000)
                .forEach(it -> {
                    var key = key("k" + it, Optional.empty(), false);
                    assertThat(work.of(key, ApiKey::id)).isEqualTo(key.id());
                });

        assertThat(work.size()).isLessThanOrEqualTo(1_024);
    }

    private static ToolRef ref(String server, String tool) {
        return new ToolRef(new ServerSlug(server), tool);
    }

    private static CatalogTool tool(String server, String name) {
        var ref = ref(server, name);
        var tree = JsonNodeFactory.instance.objectNode().put("name", name);
        var descriptor =
                new ToolDescriptor(
                        ref, ToolNaming.STANDARD.alias(ref.server(), name), "sha256:1", tree);
        return ExampleCatalog.approved(descriptor, Risk.READ);
    }

    private static McpServer server(String slug) {
        return ExampleCatalog.server(TENANT, slug);
    }

    private static ApiKey key(String id, Optional<List<String>> toolsets, boolean blocked) {
        return new ApiKey(
                id,
                TENANT,
                new byte[32],
                "user:ada",
                KeyKind.AGENT,
                Set.of(),
                Set.of(),
                Optional.empty(),
                toolsets,
                Optional.empty(),
                blocked,
                ApiKey.About.NONE);
    }
}
