/** The chat face over real sockets, and what checks everything that it says. */
@NullMarked
package io.sallyport.chat;

import org.jspecify.annotations.NullMarked;
