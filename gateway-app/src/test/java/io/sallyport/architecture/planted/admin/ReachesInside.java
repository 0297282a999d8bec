package io.sallyport.architecture.planted.admin;

import io.sallyport.architecture.planted.gate.ledger.Ledger;

/** Planted: this must be reported. */
final class ReachesInside {
    private ReachesInside() {}

    static String id(Ledger ledger) {
        return ledger.id();
    }
}
