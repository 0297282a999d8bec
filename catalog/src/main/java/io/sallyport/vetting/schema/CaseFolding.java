package io.sallyport.vetting.schema;

/**
 * Knows what RE2/J does for the characters of a pattern in which case does not count: it looks for
 * the other cases of each, one after the other, while it compiles.
 */
final class CaseFolding {
    /** The characters that it looks at. */
    private static final int FIRST_WITH_CASE = 0x41;

    private static final int LAST_WITH_CASE = 0x1044f;

    /**
     * Old Cyrillic letters whose capitals are those of other letters. RE2/J's table of such is
     * older than they are, so that it goes from one case to the next for ever.
     */
    private static final int FIRST_ENDLESS = 0x1c80;

    private static final int LAST_ENDLESS = 0x1c88;

    /** More than any pattern may take. */
    private static final long ENDLESS = 1L << 40;

    private CaseFolding() {}

    /** How many characters it looks at for a range; one of all characters is taken as it is. */
    static long steps(int first, int last) {
        if (first <= FIRST_WITH_CASE && last >= LAST_WITH_CASE) {
            return 0;
        }
        return first <= LAST_ENDLESS && last >= FIRST_ENDLESS
                ? ENDLESS
                : Math.max(
                        0, Math.min(last, LAST_WITH_CASE) - Math.max(first, FIRST_WITH_CASE) + 1);
    }
}
