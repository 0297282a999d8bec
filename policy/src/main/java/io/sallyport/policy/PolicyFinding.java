package io.sallyport.policy;

/**
 * What is wrong with, or remarkable about, one place of a policy document.
 *
 * @param code stable name of the finding, listed in docs/reference/policy.md
 * @param message one sentence for the author; repeats at most a short, cleaned part of the document
 * @param line counts from 1
 * @param column counts from 1, in characters
 */
public record PolicyFinding(String code, String message, int line, int column) {}
