/**
 * The only code that opens connections, each to an address that was judged after it was looked up.
 */
@NullMarked
package io.sallyport.egress;

import org.jspecify.annotations.NullMarked;
