package io.sallyport.gate;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Calls of the agent of {@code ExampleCatalog} with nothing special about them. */
final class ExampleCall {
    private ExampleCall() {}

    /** A call over MCP that only waits for its answer: thirty seconds. */
    static CallContext context(TenantId tenant, OfferedTools offer) {
        return context(tenant, offer, ClientContext.SILENT, Duration.ofSeconds(30));
    }

    static CallContext context(
            TenantId tenant, OfferedTools offer, ClientContext client, Duration timeout) {
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
}
