package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;

/**
 * What a pin holds of a server besides its descriptors: if any of it changes, every pin is void.
 *
 * @param transport where the server is called, or the profile by which it is started
 * @param credential id of the credential that is sent, never the credential; empty if none
 * @param launch digest of what that profile starts; empty if nothing is started
 */
public record ServerIdentity(
        ServerSlug slug, Transport transport, String credential, String launch) {
    /** Of a server of which nothing is known that is started. */
    public ServerIdentity(ServerSlug slug, Transport transport, String credential) {
        this(slug, transport, credential, "");
    }

    /** The same, started like that. */
    public ServerIdentity launched(String digest) {
        return new ServerIdentity(slug, transport, credential, digest);
    }
}
