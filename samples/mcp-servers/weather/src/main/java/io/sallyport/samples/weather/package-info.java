/** Sample MCP server whose tools only read. */
@NullMarked
package io.sallyport.samples.weather;

import org.jspecify.annotations.NullMarked;
