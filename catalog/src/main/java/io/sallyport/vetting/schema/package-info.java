/** JSON Schemas that came from outside: judged, then compiled. */
@NullMarked
package io.sallyport.vetting.schema;

import org.jspecify.annotations.NullMarked;
