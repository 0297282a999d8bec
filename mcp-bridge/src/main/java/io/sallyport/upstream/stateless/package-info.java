/** The stateless lane of MCP: revision 2026-07-28 over Streamable HTTP. */
@NullMarked
package io.sallyport.upstream.stateless;

import org.jspecify.annotations.NullMarked;
