/** One MCP server on a loopback port: the MCP Java SDK behind an embedded servlet container. */
@NullMarked
package io.sallyport.samples.hosting;

import org.jspecify.annotations.NullMarked;
