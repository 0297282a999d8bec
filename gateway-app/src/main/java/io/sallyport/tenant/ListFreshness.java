package io.sallyport.tenant;

import io.sallyport.catalog.McpServer;
import java.time.Duration;
import java.util.Optional;

/** A pin is as fresh as the last list of its server. */
public interface ListFreshness {
    /** The server's last list, if it is within the pin's maximum age; asks nobody. */
    Optional<Listing.Listed> latest(McpServer server);

    /**
     * Lists the server now. However many ask, it is listed once, by a thread of its own: whoever is
     * interrupted or does not wait any longer leaves the others theirs.
     *
     * @param patience longest time to wait
     */
    Listing list(McpServer server, Duration patience) throws InterruptedException;

    /** How an attempt to list a server ended. */
    sealed interface Listing {
        /**
         * The pin is fresh.
         *
         * @param launch digest of the program that listed it; empty if none was started
         */
        record Listed(String launch) implements Listing {}

        /**
         * The server was changed or removed meanwhile, so that the list is of what it was. Whoever
         * decided on that looks at what governs it now.
         */
        record Overtaken() implements Listing {}

        /** The pin is as old as it was. */
        enum Failed implements Listing {
            /** It did not answer, or not in time. */
            NOT_ANSWERED,
            /** It answered, but what it said is no list that can be used. */
            NOT_USABLE,
            /** It was not asked: it failed just before, or we ask it too much already. */
            NOT_TRIED,
            /**
             * It is a program, and the operator's file of launch profiles does not permit it now.
             */
            NOT_PERMITTED
        }
    }
}
