package io.sallyport.architecture.planted.chat;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Planted: this is allowed. */
record UsesJacksonAnnotations(@JsonProperty("id") String id) {}
