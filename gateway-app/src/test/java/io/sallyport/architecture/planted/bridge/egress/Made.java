package io.sallyport.architecture.planted.bridge.egress;

/** What a planted interface makes. */
public final class Made {}
