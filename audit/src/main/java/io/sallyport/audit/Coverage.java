package io.sallyport.audit;

/**
 * What a verifier looked at: all that its verdict speaks of.
 *
 * @param records how many records were read
 * @param unsigned how many of them no checkpoint covers yet
 * @param waiting how many newer ones are not in the tree yet
 * @param payloads what became of the sealed payloads
 * @param own what the log's own checkpoint was good for
 */
public record Coverage(
        long records, long unsigned, long waiting, Payloads payloads, OwnCheckpoint own) {
    static final Coverage NOTHING =
            new Coverage(0, 0, 0, Payloads.NOT_CHECKED, OwnCheckpoint.OPENED);

    /** What became of the log's own checkpoint. */
    public enum OwnCheckpoint {
        OPENED(""),
        MISSING("; its own checkpoint is missing"),
        NOT_OPENED("; its own checkpoint does not open under this key");

        private final String remark;

        OwnCheckpoint(String remark) {
            this.remark = remark;
        }
    }

    /** What was done with the keys to payloads. */
    public enum Keys {
        NOT_CHECKED("", ""),
        /** They are there; the key that wraps them was not at hand. */
        PRESENT(" and their keys", "; keys not opened"),
        OPENED(" and their keys", "");

        private final String named;
        private final String remark;

        Keys(String named, String remark) {
            this.named = named;
            this.remark = remark;
        }
    }

    /**
     * The sealed payloads.
     *
     * @param checked false where the log came without payloads: nothing is known of them then
     * @param keys what was done with their keys
     * @param present how many are there, each the bytes that its record names
     * @param erased how many are gone, they or their keys, and a record says by what right
     * @param lost how many are gone and nothing says why
     */
    public record Payloads(boolean checked, Keys keys, long present, long erased, long lost) {
        static final Payloads NOT_CHECKED = new Payloads(false, Keys.NOT_CHECKED, 0, 0, 0);

        private String sentence() {
            if (!checked) {
                return "payloads not checked";
            }
            var fate = lost == 0 ? ", all authorised" : ", %d lost".formatted(lost);
            return "%d payloads%s, %d erased%s%s"
                    .formatted(present, keys.named, erased, fate, keys.remark);
        }
    }

    /** One line for people, where nothing is wrong. */
    String sentence() {
        return records + " records verified, " + rest();
    }

    /** One line for people: what was read, and what the answer does not speak of. */
    public String extent() {
        return records + " records, " + rest();
    }

    private String rest() {
        var sentence = new StringBuilder(payloads.sentence());
        if (unsigned > 0) {
            sentence.append("; the last %d are in no checkpoint yet".formatted(unsigned));
        }
        if (waiting > 0) {
            sentence.append("; %d more are not in the tree yet".formatted(waiting));
        }
        return sentence.append(own.remark).toString();
    }
}
