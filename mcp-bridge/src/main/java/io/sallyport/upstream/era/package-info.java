/** Finds out which era of MCP a server speaks. */
@NullMarked
package io.sallyport.upstream.era;

import org.jspecify.annotations.NullMarked;
