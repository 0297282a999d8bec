/** What in the texts of descriptors should make a reviewer suspicious. */
@NullMarked
package io.sallyport.vetting.text;

import org.jspecify.annotations.NullMarked;
