/** Streamable HTTP by hand: one loopback port, JSON-RPC messages as trees, streams of events. */
@NullMarked
package io.sallyport.samples.wire;

import org.jspecify.annotations.NullMarked;
