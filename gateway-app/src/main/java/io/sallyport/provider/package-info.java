/** Model providers. */
@NullMarked
package io.sallyport.provider;

import org.jspecify.annotations.NullMarked;
