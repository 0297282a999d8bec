@NullMarked
package io.sallyport.mcp;

import org.jspecify.annotations.NullMarked;
