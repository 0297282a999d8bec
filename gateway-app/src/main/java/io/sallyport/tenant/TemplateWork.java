package io.sallyport.tenant;

import io.sallyport.catalog.ResourceTemplate;

/**
 * What may still be spent on finding the templates that one request's URIs come from. Servers list
 * templates, callers and servers send URIs, and how long the two take together is for neither of
 * them to say.
 */
public final class TemplateWork {
    /** Steps of some nanoseconds, 100 ms in all; a hundred ordinary templates take a tenth. */
    static final long MOST = 10_000_000;

    private long left = MOST;

    /** Whether the URI comes from the template; false once there is nothing left. */
    boolean matches(ResourceTemplate template, String uri) {
        left -= Math.min(left, template.work(uri));
        return left > 0 && template.matches(uri);
    }
}
