package io.sallyport.gate;

import io.sallyport.bridge.SessionListener;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ServerSlug;
import tools.jackson.databind.JsonNode;

/**
 * A client that hears a server after its calls, for as long as it may use something of that server.
 * However many calls it made, it is one.
 */
final class StandingListener implements SessionListener {
    private final SessionListener client;
    private final Principal principal;
    private final ServerSlug server;
    private final UnderWay underWay;

    StandingListener(
            SessionListener client, Principal principal, ServerSlug server, UnderWay underWay) {
        this.client = client;
        this.principal = principal;
        this.server = server;
        this.underWay = underWay;
    }

    @Override
    public boolean isListening() {
        return client.isListening() && underWay.mayHear(principal, server);
    }

    @Override
    public void logged(JsonNode params) {
        client.logged(params);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StandingListener it && it.client.equals(client);
    }

    @Override
    public int hashCode() {
        return client.hashCode();
    }
}
