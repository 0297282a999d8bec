/** What tells operators how the gateway is doing. */
@NullMarked
package io.sallyport.telemetry;

import org.jspecify.annotations.NullMarked;
