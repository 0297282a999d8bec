/** The only room that knows SQL: it implements the ports of the others. */
@NullMarked
package io.sallyport.store;

import org.jspecify.annotations.NullMarked;
