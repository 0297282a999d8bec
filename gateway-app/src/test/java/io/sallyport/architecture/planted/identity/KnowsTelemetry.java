package io.sallyport.architecture.planted.identity;

import io.sallyport.architecture.planted.telemetry.KnowsIdentity;

/** Planted: the first half of a cycle. */
public record KnowsTelemetry(KnowsIdentity one) {}
