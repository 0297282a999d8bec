/** Who is calling, by the API key of the request. */
@NullMarked
package io.sallyport.identity;

import org.jspecify.annotations.NullMarked;
