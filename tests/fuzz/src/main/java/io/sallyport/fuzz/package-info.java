/** Structured random inputs for the fuzz lanes; no part of the gateway. */
@NullMarked
package io.sallyport.fuzz;

import org.jspecify.annotations.NullMarked;
