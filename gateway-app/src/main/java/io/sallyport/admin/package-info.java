/** The admin API: what admins register, publish, approve and read. */
@NullMarked
package io.sallyport.admin;

import org.jspecify.annotations.NullMarked;
