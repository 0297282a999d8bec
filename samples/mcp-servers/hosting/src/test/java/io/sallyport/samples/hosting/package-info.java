@NullMarked
package io.sallyport.samples.hosting;

import org.jspecify.annotations.NullMarked;
