/** The one reader of YAML 1.2: a small tree whose nodes know where they stand. */
@NullMarked
package io.sallyport.policy.yaml;

import org.jspecify.annotations.NullMarked;
