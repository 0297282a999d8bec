/** The one enforcement point: every operation that reaches an upstream passes here. */
@NullMarked
package io.sallyport.gate;

import org.jspecify.annotations.NullMarked;
