/** The command line: starting, stopping, and the offline tools. */
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
