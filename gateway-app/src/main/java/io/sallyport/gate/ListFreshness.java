package io.sallyport.gate;

import io.sallyport.catalog.McpServer;

/** A pin is as fresh as the last list of its server. */
public interface ListFreshness {
    /**
     * Makes sure that the server's tools were listed within the pin's maximum age, and lists them
     * now if not.
     *
     * @return false if they were not and cannot be: the pin says nothing any more
     */
    boolean ensure(McpServer server) throws InterruptedException;
}
