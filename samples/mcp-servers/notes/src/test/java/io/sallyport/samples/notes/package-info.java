@NullMarked
package io.sallyport.samples.notes;

import org.jspecify.annotations.NullMarked;
