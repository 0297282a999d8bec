/** Makes what speaks MCP to a server, in whatever revision over whatever transport. */
@NullMarked
package io.sallyport.upstream;

import org.jspecify.annotations.NullMarked;
