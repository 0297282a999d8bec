/** The decision point: who may use which tool, on which conditions. */
@NullMarked
package io.sallyport.policy;

import org.jspecify.annotations.NullMarked;
