/** What in the texts of descriptors should make a reviewer suspicious. */
@NullMarked
package io.sallyport.catalog.vetting;

import org.jspecify.annotations.NullMarked;
