/** Registered MCP servers: how they are probed, listed, reached. */
@NullMarked
package io.sallyport.servers;

import org.jspecify.annotations.NullMarked;
