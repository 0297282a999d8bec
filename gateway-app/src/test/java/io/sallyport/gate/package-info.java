/** Tests of the gate and of what it decides by. */
@NullMarked
package io.sallyport.gate;

import org.jspecify.annotations.NullMarked;
