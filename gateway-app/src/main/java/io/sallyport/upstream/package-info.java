/** Model providers. */
@NullMarked
package io.sallyport.upstream;

import org.jspecify.annotations.NullMarked;
