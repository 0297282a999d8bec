package io.sallyport.bridge;

/**
 * The memory that answers may take for the one who waits for them. What is taken is free again when
 * he has handed the answer on: the bytes, their tree, and what is written of it.
 */
@FunctionalInterface
public interface AnswerRoom {
    /** For what is bounded elsewhere. */
    AnswerRoom UNCOUNTED = _ -> true;

    /** What an answer may weigh without being counted: most weigh less. */
    long SMALL = 64 * 1024;

    /** Whether so many bytes more may be held, and then they are. */
    boolean takes(long bytes);

    /** Whether this text and all that is made of it may be held; asked before it is parsed. */
    default boolean takesAnswer(byte[] json) {
        var weight = JsonWeight.of(json);
        return weight <= SMALL || takes(weight);
    }
}
