/** What an operator may set. */
@NullMarked
package io.sallyport.settings;

import org.jspecify.annotations.NullMarked;
