/** Reads YAML 1.2 into a small tree whose nodes know where they stand. Nothing else parses YAML. */
@NullMarked
package io.sallyport.policy.yaml;

import org.jspecify.annotations.NullMarked;
