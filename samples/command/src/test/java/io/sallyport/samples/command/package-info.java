@NullMarked
package io.sallyport.samples.command;

import org.jspecify.annotations.NullMarked;
