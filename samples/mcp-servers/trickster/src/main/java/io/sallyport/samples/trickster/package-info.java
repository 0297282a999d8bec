/** An MCP server that is hostile, broken or slow, each in a way that can be asked for. */
@NullMarked
package io.sallyport.samples.trickster;

import org.jspecify.annotations.NullMarked;
