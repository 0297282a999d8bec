/** An OpenAI-compatible model whose answers are written down beforehand. */
@NullMarked
package io.sallyport.samples.model;

import org.jspecify.annotations.NullMarked;
