package io.sallyport.architecture.planted.bridge.made;

import io.sallyport.architecture.planted.bridge.MakesItsOwn;

/** What a planted interface makes, which it implements. */
public final class Made implements MakesItsOwn {}
