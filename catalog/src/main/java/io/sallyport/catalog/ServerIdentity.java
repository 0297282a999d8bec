package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;

/**
 * What a pin holds of a server besides its descriptors: if any of it changes, every pin is void.
 *
 * @param transport where the server is called, or the profile by which it is started
 * @param credential id of the credential that is sent, never the credential; empty if none
 */
public record ServerIdentity(ServerSlug slug, Transport transport, String credential) {}
