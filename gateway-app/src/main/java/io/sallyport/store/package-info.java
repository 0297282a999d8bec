/** The only room that knows SQL: the database, its migrations, and every adapter of every port. */
@NullMarked
package io.sallyport.store;

import org.jspecify.annotations.NullMarked;
