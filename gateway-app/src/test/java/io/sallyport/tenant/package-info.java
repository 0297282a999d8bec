/** Tests of what one tenant's view shows to whom. */
@NullMarked
package io.sallyport.tenant;

import org.jspecify.annotations.NullMarked;
