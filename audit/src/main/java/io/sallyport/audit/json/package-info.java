/** The canonical JSON of leaves and export lines: one writer and one strict reader. */
@NullMarked
package io.sallyport.audit.json;

import org.jspecify.annotations.NullMarked;
