package io.sallyport.architecture.planted.admin;

/** Planted: this is allowed. */
record PackagePrivateRequest(String id) {}
