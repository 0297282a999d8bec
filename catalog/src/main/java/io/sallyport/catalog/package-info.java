/** What exists: servers with their tools, as they are listed, pinned, validated. */
@NullMarked
package io.sallyport.catalog;

import org.jspecify.annotations.NullMarked;
