/** What reviewers are shown, without a gateway. */
@NullMarked
package io.sallyport.admin;

import org.jspecify.annotations.NullMarked;
