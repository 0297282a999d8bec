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
import java.util.List;
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

    private static McpServer server(
            TenantId tenant, String slug, Transport transport, long revision) {
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
                CallTimes.STANDARD,
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
