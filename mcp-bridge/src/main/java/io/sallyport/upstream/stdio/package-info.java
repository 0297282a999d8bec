/** Servers that speak MCP over their standard streams: one JSON-RPC message a line. */
@NullMarked
package io.sallyport.upstream.stdio;

import org.jspecify.annotations.NullMarked;
