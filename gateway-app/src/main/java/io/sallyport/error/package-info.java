/** The error contract: one table of reasons for all faces. */
@NullMarked
package io.sallyport.error;

import org.jspecify.annotations.NullMarked;
