package io.sallyport.upstream;

import io.sallyport.bridge.LaunchProfile;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.catalog.Era;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.Header;
import io.sallyport.upstream.era.AutoUpstream;
import io.sallyport.upstream.session.SessionUpstream;
import io.sallyport.upstream.stateless.StatelessUpstream;
import io.sallyport.upstream.stdio.StdioUpstream;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Makes the {@link McpUpstream} of a server, by what is known of the way to it. */
public final class McpUpstreams {
    private McpUpstreams() {}

    /**
     * @param credential headers that are sent with every request
     * @param era which revisions to speak; {@code AUTO} finds out, with requests that change
     *     nothing
     */
    public static McpUpstream connect(
            EgressClient egress, Destination destination, List<Header> credential, Era era) {
        return switch (era) {
            case MODERN -> new StatelessUpstream(egress, destination, credential);
            case LEGACY -> new SessionUpstream(egress, destination, credential);
            case AUTO -> new AutoUpstream(egress, destination, credential);
        };
    }

    /** A server that cannot be reached, since nothing says how. */
    public static McpUpstream unreachable() {
        return new UnreachableUpstream();
    }

    /**
     * A server that is started here when it is first needed, and again when it has ended.
     *
     * @param room one permit for each process that may run; shared by all servers of a tenant
     */
    public static McpUpstream launch(LaunchProfile profile, Semaphore room) {
        return new StdioUpstream(profile, room);
    }
}
