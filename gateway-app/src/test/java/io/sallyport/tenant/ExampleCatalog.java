package io.sallyport.tenant;

import io.sallyport.catalog.CallTimes;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.Era;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Transport;
import io.sallyport.identity.ApiKey;
import io.sallyport.identity.KeyKind;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Servers, tools and keys with nothing special about them, for tests that are about something else.
 */
public final class ExampleCatalog {
    private ExampleCatalog() {}

    /** An active server that may be told nothing of its clients. */
    public static McpServer server(TenantId tenant, String slug) {
        return server(tenant, slug, 0);
    }

    /** The same after an admin changed how it is reached. */
    public static McpServer server(TenantId tenant, String slug, long revision) {
        var url = "https://" + slug + ".example/mcp";
        return server(tenant, slug, new Transport.StreamableHttp(url), revision);
    }

    /** One that is started by the launch profile of its own name. */
    public static McpServer program(TenantId tenant, String slug) {
        return server(tenant, slug, new Transport.Stdio(slug), 1);
    }

    /** The same whose calls may take so long. */
    public static McpServer server(TenantId tenant, String slug, Duration each) {
        var transport = new Transport.StreamableHttp("https://" + slug + ".example/mcp");
        return server(tenant, slug, transport, 0, new CallTimes(each, Map.of()));
    }

    private static McpServer server(
            TenantId tenant, String slug, Transport transport, long revision) {
        return server(tenant, slug, transport, revision, CallTimes.STANDARD);
    }

    private static McpServer server(
            TenantId tenant, String slug, Transport transport, long revision, CallTimes times) {
        return new McpServer(
                tenant,
                new ServerSlug(slug),
                transport,
                Era.AUTO,
                ServerStatus.ACTIVE,
                Set.of(),
                EgressTerms.NONE,
                "",
                Set.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                times,
                revision,
                Set.of());
    }

    /** The key {@code k1} of an agent that is bound to nothing. */
    public static ApiKey agentKey(TenantId tenant, String owner) {
        return agentKey(tenant, owner, Optional.empty());
    }

    /**
     * @param toolsets that the key is bound to
     */
    public static ApiKey agentKey(TenantId tenant, String owner, Optional<List<String>> toolsets) {
        return new ApiKey(
                "k1",
                tenant,
                new byte[32],
                owner,
                KeyKind.AGENT,
                Set.of(),
                Set.of(),
                Optional.empty(),
                toolsets,
                Optional.empty(),
                false,
                ApiKey.About.NONE);
    }

    /** The tool as it is listed, approved. */
    public static CatalogTool approved(ToolDescriptor listed, Risk risk) {
        return new CatalogTool(
                listed, List.of(), ToolStatus.APPROVED, Optional.of(listed), risk, Set.of(), false);
    }
}
