/**
 * What servers list is judged here before anything of it is served, as is what is sent to their
 * tools.
 */
@NullMarked
package io.sallyport.vetting;

import org.jspecify.annotations.NullMarked;
