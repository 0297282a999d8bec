/** Tests of the upkeep of registered servers. */
@NullMarked
package io.sallyport.servers;

import org.jspecify.annotations.NullMarked;
