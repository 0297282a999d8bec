/** An MCP server with everything that the conformance suite asks for, in both eras. */
@NullMarked
package io.sallyport.samples.conformance;

import org.jspecify.annotations.NullMarked;
