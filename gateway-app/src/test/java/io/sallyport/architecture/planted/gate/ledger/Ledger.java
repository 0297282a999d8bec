package io.sallyport.architecture.planted.gate.ledger;

/** Planted: public, but in a sub-package, so private to the gate. */
public record Ledger(String id) {}
