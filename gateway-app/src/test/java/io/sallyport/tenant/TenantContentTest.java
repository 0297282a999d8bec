package io.sallyport.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.CallTimes;
import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogRefresh;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.Era;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerLists;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Transport;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Decision;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyReading;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.vetting.CatalogVetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TenantContentTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final ServerSlug DOCS = new ServerSlug("docs");
    private static final String POLICY =
            """
            rules:
              - id: handbook
                effect: allow
                resources: ["docs/file:///handbook/*", "docs/note://*", "docs/note://Named/x"]
              - id: board
                effect: require_approval
                resources: ["docs/note://board/*"]
              - {id: secret, effect: deny, resources: ["docs/note://hr/*"]}
              - {id: private, effect: deny, resources: ["label:private-data"]}
              - {id: prompts, effect: allow, prompts: ["docs/summarise"]}
            """;

    private final ApiKey key =
            ExampleCatalog.agentKey(TENANT, "user:ada", Optional.of(List.of("no-tools")));
    private final Principal ada = key.principal();
    private ServerStatus serverStatus = ServerStatus.ACTIVE;
    private ToolStatus entryStatus = ToolStatus.APPROVED;
    private Set<String> labels = Set.of();

    @Test
    void whatPolicyListsIsVisibleAndNothingElse() {
        assertThat(visible(EntryKind.RESOURCE))
                .containsExactly("file:///handbook/a.md", "note://board/minutes", "note://today");
        assertThat(visible(EntryKind.TEMPLATE)).containsExactly("note://{space}/{page}");
        assertThat(visible(EntryKind.PROMPT)).containsExactly("summarise");
    }

    @ParameterizedTest
    @EnumSource(
            value = ToolStatus.class,
            names = {"PENDING_REVIEW", "CHANGED", "REJECTED", "MISSING"})
    @DisplayName("TD-01 only what is approved and unchanged is visible")
    void onlyApprovedEntriesAreVisible(ToolStatus status) {
        entryStatus = status;
        for (var kind : EntryKind.values()) {
            assertThat(visible(kind)).isEmpty();
        }
        assertThat(resource("note://today")).isEmpty();
        assertThat(resource("note://board/agenda")).isEmpty();
        assertThat(view().entries()).hasSize(8);
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerStatus.class,
            names = {"PENDING", "DISABLED"})
    void nothingOfAServerThatIsNotActiveIsVisible(ServerStatus status) {
        serverStatus = status;
        assertThat(visible(EntryKind.RESOURCE)).isEmpty();
        assertThat(resource("note://today")).isEmpty();
        assertThat(resource("note://board/agenda")).isEmpty();
    }

    @Test
    void nothingIsVisibleToAKeyThatTheTenantDoesNotHave() {
        var stranger = new Principal(TENANT, "user:ada", "other", Set.of(), Set.of());
        assertThat(view().visibleEntries(stranger, DOCS, EntryKind.PROMPT)).isEmpty();
        assertThat(view().resource(stranger, DOCS, "note://today")).isEmpty();
    }

    @Test
    void aResourceIsReadAsItself() {
        assertThat(resource("note://today")).contains("docs/resource:note://today");
    }

    @Test
    void whatIsNotListedIsReadThroughTheTemplateItComesFrom() {
        assertThat(resource("note://board/agenda")).contains("docs/template:note://{space}/{page}");
        assertThat(resource("note://board/agenda/1")).isEmpty();
    }

    @Test
    void policyJudgesTheUriAndNotTheTemplate() {
        assertThat(resource("note://hr/salaries")).isEmpty();
        assertThat(resource("other://a/b")).isEmpty();
        assertThat(resource("file:///etc/passwd")).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("AR-06 a URI that could mean another one is unknown")
    @ValueSource(
            strings = {
                "file:///handbook/../etc/passwd",
                "file:///handbook/%2e%2e/etc/passwd",
                "FILE:///handbook/a.md",
                "file:///handbook/..%5c..%5cetc",
                "note://board/%2e%2e",
                "note://%68r/salaries",
                "note://Hr/salaries",
                "note://board:/agenda",
                "note://board./agenda",
                "note://board/agenda%2F1",
                "note://board/caf%c3%a9",
                "note://board/%C0%AF",
                "note://board/日本"
            })
    void aUriThatMayNotBeAskedForIsUnknown(String uri) {
        assertThat(resource(uri)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ToolStatus.class,
            names = {"CHANGED", "REJECTED"})
    @DisplayName("TD-01 no template brings back a resource that changed")
    void aTemplateDoesNotServeAWithdrawnResource(ToolStatus status) {
        var catalog = catalog();
        var withdrawn =
                catalog.stream()
                        .map(it ->
                                it.ref().key().equals("note://board/minutes")
                                        ? it.seen(it.listed(), List.of(), status)
                                        : it)
                        .toList();
        assertThat(view(withdrawn).resource(ada, DOCS, "note://board/minutes")).isEmpty();
        assertThat(view(withdrawn).resource(ada, DOCS, "note://board/agenda")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = ToolStatus.class,
            names = {"CHANGED", "REJECTED", "APPROVED", "PENDING_REVIEW"})
    @DisplayName("AR-06 no template serves a listed resource under another text")
    void aTemplateDoesNotServeAnotherSpelling(ToolStatus status) {
        entryStatus = status;
        var catalog = catalog(Stream.of("note://Board./minutes", "note://Board//notes"));
        var templates = new ArrayList<>(catalog);
        entryStatus = ToolStatus.APPROVED;
        templates.addAll(catalog(Stream.of()));

        assertThat(view(templates).resource(ada, DOCS, "note://board/minutes")).isEmpty();
        assertThat(view(templates).resource(ada, DOCS, "note://board/notes")).isEmpty();
        assertThat(view(templates).resource(ada, DOCS, "note://board/agenda")).isPresent();
    }

    @Test
    @DisplayName("AR-06 a listed URI that has other spellings takes a rule that names it")
    void anotherSpellingIsReadIfItIsListedAndNamed() {
        var view = view(catalog(Stream.of("note://Named/x", "note://Other/x")));

        assertThat(view.resource(ada, DOCS, "note://Named/x")).isPresent();
        assertThat(view.resource(ada, DOCS, "note://Other/x")).isEmpty();
        assertThat(view.visibleEntries(ada, DOCS, EntryKind.RESOURCE))
                .extracting(it -> it.ref().key())
                .containsExactly("note://Named/x");
    }

    @Test
    @DisplayName("AR-06 naming a URI does not make it readable through a template")
    void anotherSpellingIsNotReadThroughATemplate() {
        assertThat(resource("note://Named/x")).isEmpty();
    }

    @Test
    void labelsOfTheServerCount() {
        labels = Set.of("private-data");
        assertThat(visible(EntryKind.RESOURCE)).isEmpty();
        assertThat(visible(EntryKind.PROMPT)).containsExactly("summarise");
        assertThat(resource("note://board/agenda")).isEmpty();
    }

    @Test
    void decidesAboutTheUriThatIsAskedFor() {
        assertThat(decide("note://board/agenda")).isInstanceOf(Decision.RequireApproval.class);
        assertThat(decide("note://today")).isEqualTo(new Decision.Allow("handbook"));
        assertThat(decide("note://hr/salaries")).isInstanceOf(Decision.Deny.class);
    }

    private Decision decide(String uri) {
        return view().decide(ada, new EntryRef(DOCS, EntryKind.RESOURCE, uri));
    }

    private List<String> visible(EntryKind kind) {
        return view().visibleEntries(ada, DOCS, kind).stream().map(it -> it.ref().key()).toList();
    }

    private Optional<String> resource(String uri) {
        return view().resource(ada, DOCS, uri).map(it -> it.ref().toString());
    }

    private TenantView view() {
        return view(catalog());
    }

    private TenantView view(List<CatalogEntry> entries) {
        return new TenantView(
                TENANT,
                1,
                new TenantView.Contents(
                        policy(),
                        List.of(server()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(key),
                        entries));
    }

    private static Policy policy() {
        return switch (Policy.read(POLICY)) {
            case PolicyReading.Valid(var policy, _, _) -> policy;
            case PolicyReading.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    private McpServer server() {
        return new McpServer(
                TENANT,
                DOCS,
                new Transport.StreamableHttp("https://docs.example/mcp"),
                Era.AUTO,
                serverStatus,
                labels,
                EgressTerms.NONE,
                "",
                McpServer.DEFAULT_RELAY,
                false,
                Optional.empty(),
                Optional.empty(),
                CallTimes.STANDARD,
                0,
                Set.of());
    }

    private List<CatalogEntry> catalog() {
        return catalog(
                Stream.of(
                        "file:///handbook/a.md",
                        "note://today",
                        "note://board/minutes",
                        "note://hr/salaries"));
    }

    private List<CatalogEntry> catalog(Stream<String> uris) {
        var lists =
                new ServerLists(
                        List.of(),
                        uris.map(it -> item("uri", it)).toList(),
                        items("uriTemplate", "note://{space}/{page}", "other://{a}/{b}"),
                        items("name", "summarise", "translate"));
        var vetted = CatalogVetting.vet(server().identity(), lists, List.of());
        return CatalogRefresh.apply(ServerCatalog.EMPTY, vetted).catalog().entries().stream()
                .map(it -> it.seen(it.listed(), it.findings(), entryStatus))
                .toList();
    }

    private static List<JsonNode> items(String member, String... keys) {
        return Stream.of(keys).map(it -> item(member, it)).toList();
    }

    private static JsonNode item(String member, String key) {
        try {
            return StrictJson.read("{\"%s\":\"%s\"}".formatted(member, key));
        } catch (MalformedJson e) {
            throw new AssertionError(e);
        }
    }
}
