/**
 * What exists: servers, their tools, the pins that hold descriptors still, and argument validators.
 */
@NullMarked
package io.sallyport.catalog;

import org.jspecify.annotations.NullMarked;
