/** What every request meets before a handler: how it is framed, how fast it comes, its body. */
@NullMarked
package io.sallyport.edge;

import org.jspecify.annotations.NullMarked;
