package io.sallyport.telemetry;

import java.util.function.BooleanSupplier;

/** Tells whether the gateway can serve now. */
public record Readiness(BooleanSupplier check) {}
