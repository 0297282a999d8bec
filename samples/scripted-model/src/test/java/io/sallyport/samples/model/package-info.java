@NullMarked
package io.sallyport.samples.model;

import org.jspecify.annotations.NullMarked;
