package io.sallyport.catalog;

/**
 * One way in which arguments break their schema.
 *
 * @param pointer JSON pointer into the arguments, empty for the whole
 * @param message a sentence for the model made of the schema only, never of the argument's value
 */
public record Violation(String pointer, String message) {}
