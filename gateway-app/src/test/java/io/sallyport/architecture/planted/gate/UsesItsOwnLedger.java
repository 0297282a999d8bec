package io.sallyport.architecture.planted.gate;

import io.sallyport.architecture.planted.gate.ledger.Ledger;

/** Planted: this is allowed. */
final class UsesItsOwnLedger {
    private UsesItsOwnLedger() {}

    static String id(Ledger ledger) {
        return ledger.id();
    }
}
