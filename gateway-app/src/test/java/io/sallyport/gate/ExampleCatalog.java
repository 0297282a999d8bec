package io.sallyport.gate;

import io.sallyport.bridge.AnswerRoom;
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
import io.sallyport.policy.Principal;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Servers, tools, keys and calls with nothing special about them, for tests that are about
 * something else.
 */
public final class ExampleCatalog {
    private ExampleCatalog() {}

    /** An active server that may be told nothing of its clients. */
    public static McpServer server(TenantId tenant, String slug) {
        return server(tenant, slug, 0);
    }

    /** The same after an admin changed how it is reached. */
    static McpServer server(TenantId tenant, String slug, long revision) {
        return new McpServer(
                tenant,
                new ServerSlug(slug),
                new Transport.StreamableHttp("https://" + slug + ".example/mcp"),
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

    /** A call of that agent's, over MCP, that only waits for its answer: thirty seconds. */
    static CallContext context(TenantId tenant, Offer offer) {
        return context(tenant, offer, ClientContext.SILENT, Duration.ofSeconds(30));
    }

    static CallContext context(
            TenantId tenant, Offer offer, ClientContext client, Duration timeout) {
        return new CallContext(
                new Principal(tenant, "user:ada", "k1", Set.of(), Set.of()),
                offer,
                "key",
                "mcp",
                "request",
                Optional.empty(),
                client,
                AnswerRoom.UNCOUNTED,
                timeout);
    }

    /** The tool as it is listed, approved. */
    public static CatalogTool approved(ToolDescriptor listed, Risk risk) {
        return new CatalogTool(
                listed, List.of(), ToolStatus.APPROVED, Optional.of(listed), risk, Set.of(), false);
    }
}
