/**
 * The Chat Completions face: what is not passed through is a tool loop that looks like one
 * completion.
 */
@NullMarked
package io.sallyport.chat;

import org.jspecify.annotations.NullMarked;
