@NullMarked
package io.sallyport.samples.trickster;

import org.jspecify.annotations.NullMarked;
