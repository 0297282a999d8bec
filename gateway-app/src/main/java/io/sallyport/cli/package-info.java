/** The command line, which starts the gateway or works without one. */
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
