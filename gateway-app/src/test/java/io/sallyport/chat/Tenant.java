package io.sallyport.chat;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.catalog.Toolset;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyReading;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.provider.ModelAlias;
import io.sallyport.provider.ModelTarget;
import io.sallyport.provider.RunLimits;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One tenant of the tests: servers {@code weather} (reads) and {@code notes} (reads and writes), a
 * server that policy hides, and two model aliases: {@code plain}, and {@code agent} with all tools.
 */
record Tenant(ApiKey key, RunLimits limits, List<CatalogTool> tools, URI provider) {
    static final TenantId ID = new TenantId("acme");

    private static final String POLICY =
            """
            rules:
              - id: all
                effect: allow
                tools: ["weather/*", "notes/*", "many/*"]
            """;

    static Tenant at(URI provider) {
        return new Tenant(key(Optional.empty()), RunLimits.DEFAULT, standardTools(), provider);
    }

    Tenant with(RunLimits other) {
        return new Tenant(key, other, tools, provider);
    }

    Tenant withKeyFor(String... toolsets) {
        return new Tenant(key(Optional.of(List.of(toolsets))), limits, tools, provider);
    }

    /** With a server of so many reading tools, {@code many/t0} and so on. */
    Tenant withTools(int count) {
        var more =
                Stream.iterate(0, it -> it + 1)
                        .limit(count)
                        .map(it -> tool("many", "t" + it, Risk.READ));
        return new Tenant(key, limits, Stream.concat(tools.stream(), more).toList(), provider);
    }

    /** With these of the server {@code many}. */
    Tenant withTools(List<CatalogTool> more) {
        return new Tenant(
                key, limits, Stream.concat(tools.stream(), more.stream()).toList(), provider);
    }

    static ApiKey key(Optional<List<String>> toolsets) {
        return ExampleCatalog.agentKey(ID, "user:ada", toolsets);
    }

    private static List<CatalogTool> standardTools() {
        return List.of(
                tool("weather", "get_forecast", Risk.READ),
                tool("weather", "get_alerts", Risk.READ),
                tool("notes", "list_notes", Risk.READ),
                tool("notes", "create_note", Risk.WRITE),
                tool("notes", "delete_note", Risk.DESTRUCTIVE),
                tool("hidden", "secret", Risk.READ));
    }

    static CatalogTool tool(String server, String name, Risk risk) {
        return tool(server, name, risk, tree(name));
    }

    static CatalogTool tool(String server, String name, Risk risk, JsonNode tree) {
        var ref = new ToolRef(new ServerSlug(server), name);
        var descriptor =
                new ToolDescriptor(
                        ref, ToolNaming.STANDARD.alias(ref.server(), name), "sha256:" + name, tree);
        return ExampleCatalog.approved(descriptor, risk);
    }

    private static JsonNode tree(String name) {
        try {
            return StrictJson.read(
                    """
                    {"name":"%s","description":"Does %s.","inputSchema":{"type":"object",
                     "properties":{"city":{"type":"string"}}}}\
                    """
                            .formatted(name, name));
        } catch (MalformedJson e) {
            throw new IllegalStateException(e);
        }
    }

    /** A source of views that knows this tenant only and never changes. */
    Governance governance() {
        return new Unchanging(view());
    }

    private record Unchanging(TenantView view) implements Governance {
        @Override
        public TenantView view(TenantId tenant) {
            return view;
        }

        @Override
        public TenantView refreshed(TenantView stale) {
            return view;
        }
    }

    private TenantView view() {
        return new TenantView(
                ID,
                1,
                new TenantView.Contents(
                        policy(),
                        Stream.of("weather", "notes", "hidden", "many")
                                .map(it -> ExampleCatalog.server(ID, it))
                                .toList(),
                        tools,
                        List.of(
                                new Toolset("everything", List.of("*")),
                                new Toolset("forecasts", List.of("weather/*")),
                                new Toolset("notebook", List.of("notes/*")),
                                new Toolset("unseen", List.of("hidden/*"))),
                        List.of(
                                model("plain", Optional.empty()),
                                model("agent", Optional.of("everything")),
                                model("lonely", Optional.of("unseen"))),
                        List.of(key),
                        List.of()));
    }

    private static Policy policy() {
        return switch (Policy.read(POLICY)) {
            case PolicyReading.Valid valid -> valid.policy();
            case PolicyReading.Invalid invalid -> throw new AssertionError(invalid.findings());
        };
    }

    private ModelAlias model(String alias, Optional<String> toolset) {
        var allow = EgressTerms.allowing(List.of("127.0.0.1/32:" + provider.getPort()));
        var target =
                new ModelTarget(
                        "scripted", provider, "big-model", Optional.of("provider-key"), allow);
        return new ModelAlias(alias, List.of(target), toolset, limits);
    }
}
