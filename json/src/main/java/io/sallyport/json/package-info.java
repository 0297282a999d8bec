/** The one spelling of a JSON document that digests are taken of. */
@NullMarked
package io.sallyport.json;

import org.jspecify.annotations.NullMarked;
