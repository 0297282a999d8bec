/** JSON Schemas that came from outside: judged, then compiled. */
@NullMarked
package io.sallyport.catalog.schema;

import org.jspecify.annotations.NullMarked;
