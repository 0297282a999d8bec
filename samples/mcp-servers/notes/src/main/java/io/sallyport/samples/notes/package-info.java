/** Sample MCP server with tools that read, write and destroy. */
@NullMarked
package io.sallyport.samples.notes;

import org.jspecify.annotations.NullMarked;
