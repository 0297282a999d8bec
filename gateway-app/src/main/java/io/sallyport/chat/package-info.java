/**
 * The Chat Completions face: pass-through, and the tool loop that looks like one completion.
 *
 * <p>A request that is not refused becomes a {@link io.sallyport.chat.Plan}: passed through, or
 * governed. Only governed requests reach the gate, through {@link io.sallyport.chat.ToolRunner}.
 */
@NullMarked
package io.sallyport.chat;

import org.jspecify.annotations.NullMarked;
