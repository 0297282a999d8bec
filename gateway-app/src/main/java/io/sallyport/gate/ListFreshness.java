package io.sallyport.gate;

import io.sallyport.catalog.McpServer;
import java.time.Duration;

/** A pin is as fresh as the last list of its server. */
public interface ListFreshness {
    /** Whether the server's tools were listed within the pin's maximum age; asks nobody. */
    boolean isFresh(McpServer server);

    /**
     * Lists the server now. However many ask, it is listed once, by a thread of its own: whoever is
     * interrupted or does not wait any longer leaves the others theirs.
     *
     * @param patience longest time to wait
     */
    Listing list(McpServer server, Duration patience) throws InterruptedException;

    /** How an attempt to list a server ended. Only after {@code LISTED} is the pin fresh. */
    enum Listing {
        LISTED,
        /** It did not answer, or not in time. */
        NOT_ANSWERED,
        /** It answered, but what it said is no list that can be used. */
        NOT_USABLE,
        /** It was not asked: it failed just before, or we ask it too much already. */
        NOT_TRIED
    }
}
