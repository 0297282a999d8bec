package io.sallyport.architecture.planted.bridge;

import io.sallyport.architecture.planted.bridge.made.Made;

/** Planted: this must be reported. */
public interface MakesItsOwn {
    static Made make() {
        return new Made();
    }
}
