/** What both eras of MCP share: messages, HTTP requests, deadlines, words for what breaks. */
@NullMarked
package io.sallyport.upstream.wire;

import org.jspecify.annotations.NullMarked;
