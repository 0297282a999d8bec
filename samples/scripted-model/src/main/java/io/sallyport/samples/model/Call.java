package io.sallyport.samples.model;

/**
 * One tool call of a round.
 *
 * @param name sent as it is, whether or not the request offers such a tool
 * @param arguments sent as it is; need not be JSON, so that a script can be a bad model
 */
public record Call(String name, String arguments) {}
