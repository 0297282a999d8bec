/** The way of every record into the audit log. */
@NullMarked
package io.sallyport.recording;

import org.jspecify.annotations.NullMarked;
