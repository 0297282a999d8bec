/** Reads the texts of descriptors for what should make a reviewer suspicious. Internal. */
@NullMarked
package io.sallyport.catalog.vetting;

import org.jspecify.annotations.NullMarked;
