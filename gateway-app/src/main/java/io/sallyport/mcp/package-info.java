/** The MCP endpoints: Streamable HTTP for MCP clients. */
@NullMarked
package io.sallyport.mcp;

import org.jspecify.annotations.NullMarked;
