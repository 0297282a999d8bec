/** The rules of the rooms, and the proof that each of them bites. */
@NullMarked
package io.sallyport.architecture;

import org.jspecify.annotations.NullMarked;
