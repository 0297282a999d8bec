package io.sallyport.vetting.schema;

/** Something that a pattern demands of the whole text. */
sealed interface PatternDemand {
    /**
     * Something in the text fits, or nothing does.
     *
     * @param pattern in ECMA-262's syntax, flags first
     */
    record Fit(String pattern, boolean wanted) implements PatternDemand {}

    /** The text has so many code points, both ends included. */
    record Length(long least, long most) implements PatternDemand {}
}
