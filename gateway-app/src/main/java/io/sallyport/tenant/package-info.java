/** The compiled read model of a tenant: whatever governs it, as of one governance sequence. */
@NullMarked
package io.sallyport.tenant;

import org.jspecify.annotations.NullMarked;
