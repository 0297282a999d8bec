package io.sallyport.servers;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.Transport;
import io.sallyport.egress.Origin;
import java.util.ArrayList;
import java.util.List;

/**
 * What an admin changes of a server.
 *
 * @param before the server as the admin saw it
 * @param catalog what was known then of what it offers
 * @param seen governance sequence of that view; the change is not made if the server has changed
 *     since
 * @param after the server as it is to be
 * @param secret what becomes of its stored secret
 * @param keepsApprovals whether approvals of descriptors that did not change hold on
 */
public record ServerChange(
        McpServer before,
        ServerCatalog catalog,
        long seen,
        McpServer after,
        Secret secret,
        boolean keepsApprovals) {
    /** What becomes of a stored secret. It never follows its server to another origin. */
    public sealed interface Secret {
        record Kept() implements Secret {}

        record Dropped() implements Secret {}

        record Replaced(Credential by) implements Secret {}
    }

    /** Whether two servers are the same place, whatever the path there. */
    public static boolean isSameOrigin(Transport one, Transport other) {
        return switch (one) {
            case Transport.StreamableHttp(var url) ->
                    other instanceof Transport.StreamableHttp(var otherUrl)
                            && Origin.of(url).equals(Origin.of(otherUrl));
            case Transport.Stdio _ -> one.equals(other);
        };
    }

    public boolean movesOrigin() {
        return !isSameOrigin(before.transport(), after.transport());
    }

    /** Whether what reviewers approved of the server is another now, so that it is asked anew. */
    boolean changesIdentity() {
        return !before.identity().equals(after.identity());
    }

    /** Whether connections to the server as it was are of no use any more. */
    boolean changesConnections() {
        return before.revision() != after.revision();
    }

    /** Where a server is, for records: no path, which may hold a secret. */
    public static String place(Transport transport) {
        return switch (transport) {
            case Transport.StreamableHttp(var url) -> Origin.of(url).toString();
            case Transport.Stdio(var profile) -> profile;
        };
    }

    /** What is changed, a word each, for records. */
    public List<String> words() {
        var words = new ArrayList<String>();
        if (!before.transport().equals(after.transport())) {
            words.add(movesOrigin() ? "origin" : "path");
        }
        switch (secret) {
            case Secret.Kept() -> {
                // nothing to tell
            }
            case Secret.Dropped() -> words.add("secret_dropped");
            case Secret.Replaced _ -> words.add("secret");
        }
        if (!before.egress().equals(after.egress())) {
            words.add("egress");
            words.addAll(after.egress().words());
        }
        if (keepsApprovals) {
            words.add("keep_approvals");
        }
        return words;
    }
}
