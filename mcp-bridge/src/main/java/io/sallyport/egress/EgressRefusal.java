package io.sallyport.egress;

/**
 * Why a destination may not be reached. Tenants are told less than this (see the error contract).
 */
public enum EgressRefusal {
    /** Not an absolute URL of the strict form that {@link EgressUrl} takes. */
    MALFORMED_URL,
    /** The host is, or resolves to, an address that is not public and not an exception. */
    ADDRESS,
    /** Not https, and not http to an address that a platform admin permitted so. */
    SCHEME,
    /** One of this process's own listeners. */
    OWN_LISTENER
}
