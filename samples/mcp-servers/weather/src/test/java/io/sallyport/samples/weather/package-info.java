@NullMarked
package io.sallyport.samples.weather;

import org.jspecify.annotations.NullMarked;
