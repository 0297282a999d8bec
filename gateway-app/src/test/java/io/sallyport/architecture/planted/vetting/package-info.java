/** Planted violations, and neighbours that are allowed what they do. */
@NullMarked
package io.sallyport.architecture.planted.vetting;

import org.jspecify.annotations.NullMarked;
