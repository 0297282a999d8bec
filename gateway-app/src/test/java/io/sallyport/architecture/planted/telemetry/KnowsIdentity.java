package io.sallyport.architecture.planted.telemetry;

import io.sallyport.architecture.planted.identity.KnowsTelemetry;

/** Planted: the second half of a cycle. */
public record KnowsIdentity(KnowsTelemetry other) {}
