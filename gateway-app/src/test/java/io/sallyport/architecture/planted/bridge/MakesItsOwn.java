package io.sallyport.architecture.planted.bridge;

import io.sallyport.architecture.planted.bridge.egress.Made;

/** Planted: this must be reported. */
interface MakesItsOwn {
    static Made make() {
        return new Made();
    }
}
