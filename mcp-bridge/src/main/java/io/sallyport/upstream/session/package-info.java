/** The session lane of MCP: revisions 2025-03-26 to 2025-11-25 over Streamable HTTP. */
@NullMarked
package io.sallyport.upstream.session;

import org.jspecify.annotations.NullMarked;
