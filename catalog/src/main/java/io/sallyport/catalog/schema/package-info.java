/** Judges and compiles JSON Schemas that came from outside. Internal to the catalogue. */
@NullMarked
package io.sallyport.catalog.schema;

import org.jspecify.annotations.NullMarked;
