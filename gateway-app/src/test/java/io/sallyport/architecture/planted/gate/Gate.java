package io.sallyport.architecture.planted.gate;

/** Planted: this is allowed. */
public record Gate(boolean open) {}
