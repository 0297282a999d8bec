/** How every sample is started from a terminal: options, one clear line per mistake, exit codes. */
@NullMarked
package io.sallyport.samples.command;

import org.jspecify.annotations.NullMarked;
