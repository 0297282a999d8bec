/** Planted violations, and neighbours that are allowed what they do. */
@NullMarked
package io.sallyport.architecture.planted.gate.ledger;

import org.jspecify.annotations.NullMarked;
