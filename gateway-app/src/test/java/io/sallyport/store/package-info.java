/** Tests of the store with faults that a real PostgreSQL can have. */
@NullMarked
package io.sallyport.store;

import org.jspecify.annotations.NullMarked;
