/** What a user, an admin or an attacker sees of a running gateway: real sockets, real database. */
@NullMarked
package io.sallyport.acceptance;

import org.jspecify.annotations.NullMarked;
