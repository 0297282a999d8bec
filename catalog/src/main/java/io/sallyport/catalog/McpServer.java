package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.util.Optional;
import java.util.Set;

/**
 * A server that an admin registered.
 *
 * @param slug chosen by the admin, never taken from what the server says about itself
 * @param transport how it is reached
 * @param era as configured; {@link #profile()} has what was negotiated
 * @param labels labels of all that it offers, e.g. {@code outbound}
 * @param egress what is permitted on the way to it
 * @param credential id of the credential to send, empty if none
 * @param relay what it may ask of clients; the rest is refused
 * @param stateless whether its sessions hold nothing of whoever uses them and may be shared
 * @param profile what it last said of itself, empty if nobody asked
 * @param reviewed the instructions that an admin approved, empty if none were
 * @param times how long calls of it may take
 * @param revision governance sequence that an admin saw who last said where it is, how it is spoken
 *     to or which secret it is shown; of two, the larger is the newer
 * @param movedBy names of the people who moved it to another origin since all that was approved of
 *     it was approved there
 */
public record McpServer(
        TenantId tenant,
        ServerSlug slug,
        Transport transport,
        Era era,
        ServerStatus status,
        Set<String> labels,
        EgressTerms egress,
        String credential,
        Set<Relay> relay,
        boolean stateless,
        Optional<ServerProfile> profile,
        Optional<String> reviewed,
        CallTimes times,
        long revision,
        Set<String> movedBy) {
    /** What is relayed unless an admin says otherwise: questions that a person sees. */
    public static final Set<Relay> DEFAULT_RELAY = Set.of(Relay.ELICITATION);

    public McpServer {
        labels = Set.copyOf(labels);
        relay = Set.copyOf(relay);
        movedBy = Set.copyOf(movedBy);
    }

    /** What the pins of this server hold. */
    public ServerIdentity identity() {
        return new ServerIdentity(slug, transport, credential);
    }

    /**
     * What clients may be told of the server's instructions: those that it sends now, if an admin
     * approved exactly these. They are text for a model like any description.
     */
    public Optional<String> instructions() {
        return profile.flatMap(ServerProfile::instructions)
                .filter(it -> reviewed.equals(Optional.of(it)));
    }

    /** The same server after an admin switched it. */
    public McpServer with(ServerStatus now) {
        return with(now, profile, reviewed, movedBy);
    }

    /** The same server after it was asked again. */
    public McpServer with(ServerProfile now) {
        return with(status, Optional.of(now), reviewed, movedBy);
    }

    /** The same server with the instructions that it sends now approved. */
    public McpServer withReviewedInstructions() {
        return with(status, profile, profile.flatMap(ServerProfile::instructions), movedBy);
    }

    /** The same server after people moved it, with the instructions that are approved still. */
    public McpServer movedBy(Set<String> people, Optional<String> stillReviewed) {
        return with(status, profile, stillReviewed, people);
    }

    private McpServer with(
            ServerStatus status,
            Optional<ServerProfile> profile,
            Optional<String> reviewed,
            Set<String> movedBy) {
        return new McpServer(
                tenant,
                slug,
                transport,
                era,
                status,
                labels,
                egress,
                credential,
                relay,
                stateless,
                profile,
                reviewed,
                times,
                revision,
                movedBy);
    }
}
