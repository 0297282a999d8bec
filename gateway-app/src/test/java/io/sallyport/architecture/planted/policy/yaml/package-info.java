/** Planted violations, and neighbours that are allowed what they do. */
@NullMarked
package io.sallyport.architecture.planted.policy.yaml;

import org.jspecify.annotations.NullMarked;
