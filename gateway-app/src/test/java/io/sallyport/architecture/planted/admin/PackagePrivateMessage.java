package io.sallyport.architecture.planted.admin;

/** Planted: the nested record is public, but nobody outside can name what is around it. */
sealed interface PackagePrivateMessage {
    record NestedResponse(String id) implements PackagePrivateMessage {}
}
