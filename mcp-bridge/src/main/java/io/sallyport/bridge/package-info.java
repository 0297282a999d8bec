/** The wire: MCP, with everything else that leaves this process. */
@NullMarked
package io.sallyport.bridge;

import org.jspecify.annotations.NullMarked;
