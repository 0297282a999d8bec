/** The command line, as tests use it. */
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
