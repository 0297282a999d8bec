/** The canonical JSON of leaves, which export lines have too. */
@NullMarked
package io.sallyport.audit.json;

import org.jspecify.annotations.NullMarked;
