/** What an MCP server is asked for, with all that it may answer. */
@NullMarked
package io.sallyport.bridge;

import org.jspecify.annotations.NullMarked;
