/** The admin API: what admins register, publish, approve, read. */
@NullMarked
package io.sallyport.admin;

import org.jspecify.annotations.NullMarked;
