@NullMarked
package io.sallyport.error;

import org.jspecify.annotations.NullMarked;
