package io.sallyport.architecture.planted.admin;

/** Planted: this must be reported. */
public record PublicRequest(String id) {}
