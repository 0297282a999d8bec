/** Where work runs while others wait for it. */
@NullMarked
package io.sallyport.threads;

import org.jspecify.annotations.NullMarked;
