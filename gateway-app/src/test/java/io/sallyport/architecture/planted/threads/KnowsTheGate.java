package io.sallyport.architecture.planted.threads;

import io.sallyport.architecture.planted.gate.Gate;

/** Planted: this must be reported. */
final class KnowsTheGate {
    private KnowsTheGate() {}

    static boolean isOpen(Gate gate) {
        return gate.open();
    }
}
