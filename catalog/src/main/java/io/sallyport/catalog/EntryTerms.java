package io.sallyport.catalog;

/**
 * What an admin says when approving a resource, template or prompt.
 *
 * @param digest the digest that the admin saw; anything else is not approved
 * @param overrideFindings the admin accepts findings that block
 */
public record EntryTerms(String digest, boolean overrideFindings) {}
