package io.sallyport.egress;

/**
 * How long an answer is of which no more was read.
 *
 * @param bytes as many as were announced or, if none were, had come
 * @param announced whether {@code bytes} is the whole length
 * @param limit the most that were wanted
 */
public record Oversize(long bytes, boolean announced, long limit) {}
