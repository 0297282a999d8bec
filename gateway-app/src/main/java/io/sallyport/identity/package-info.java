/** Who is calling: API keys and the filter that reads them. */
@NullMarked
package io.sallyport.identity;

import org.jspecify.annotations.NullMarked;
