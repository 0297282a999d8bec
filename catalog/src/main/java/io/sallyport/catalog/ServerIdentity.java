package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;

/**
 * What a pin holds of a server besides its descriptors: if any of it changes, every pin is void.
 *
 * @param url where the server is called
 * @param credential id of the credential that is sent, never the credential; empty if none
 */
public record ServerIdentity(ServerSlug slug, String url, String credential) {}
