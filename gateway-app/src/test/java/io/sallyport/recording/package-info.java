/** Tests of what is recorded around calls. */
@NullMarked
package io.sallyport.recording;

import org.jspecify.annotations.NullMarked;
