package io.sallyport.audit;

import java.util.OptionalLong;

/**
 * One thing that a verifier has to say against a log.
 *
 * @param index where it goes wrong; empty where no place can be named
 */
public record Finding(Cause cause, OptionalLong index) {

    /** What is wrong, and how grave it is. */
    public enum Cause {
        CHANGED(Verdict.TAMPERED, "the log was changed, at record %s or later"),
        MISLABELLED(Verdict.TAMPERED, "the columns beside record %s do not agree with it"),
        PAYLOAD_CHANGED(Verdict.TAMPERED, "the payload of record %s is not what it sealed"),
        SEARCH_CONTRADICTS(Verdict.TAMPERED, "the search index contradicts the log, at record %s"),
        BEHIND_THE_TREE(Verdict.TAMPERED, "records follow the end of the tree at %s"),
        SIGNED_TWICE(Verdict.FORK, "the key signed another history before record %s"),
        ENDS_EARLY(Verdict.ROLLED_BACK, "the log ends at %s, before an outside checkpoint"),
        MISSING(Verdict.GAP, "records are missing at %s"),
        IN_NO_TREE(Verdict.GAP, "records are in no tree; the tree ends at %s"),
        PAYLOAD_LOST(
                Verdict.UNAUTHORISED_LOSS,
                "the payload of record %s is missing without authorisation"),
        KEY_LOST(
                Verdict.UNAUTHORISED_LOSS,
                "the key to the payload of record %s is missing without authorisation"),
        KEY_NOT_OPENED(
                Verdict.UNAUTHORISED_LOSS,
                "a key to payloads is there and does not open them, at %s"),
        UNREADABLE(Verdict.CANNOT_VERIFY, "the log cannot be read to its end"),
        CHECKPOINT_NOT_OPENED(
                Verdict.CANNOT_VERIFY,
                "an outside checkpoint is not one that this key signed for this log"),
        NOTHING_SIGNED(
                Verdict.CANNOT_VERIFY,
                "no checkpoint of this log opens under the key that is used"),
        NO_KEY(Verdict.CANNOT_VERIFY, "the log's key is not there; give it with --key"),
        PAYLOADS_NOT_CHECKED(
                Verdict.CANNOT_VERIFY, "payloads were required, and there are none to check"),
        KEYS_NOT_OPENED(
                Verdict.CANNOT_VERIFY,
                "payloads were required, and without the seal key their keys were not opened"),
        NO_OUTSIDE_CHECKPOINT(Verdict.UNANCHORED, "no outside checkpoint was given"),
        TOO_OLD(Verdict.STALE, "the newest record that a checkpoint covers is too old");

        private final Verdict verdict;
        private final String sentence;

        Cause(Verdict verdict, String sentence) {
            this.verdict = verdict;
            this.sentence = sentence;
        }

        public Verdict verdict() {
            return verdict;
        }
    }

    /** A finding about the log as a whole. */
    public static Finding of(Cause cause) {
        return new Finding(cause, OptionalLong.empty());
    }

    static Finding at(Cause cause, long index) {
        return new Finding(cause, OptionalLong.of(index));
    }

    public Verdict verdict() {
        return cause.verdict;
    }

    /** One line for people. Holds numbers only, nothing of what the log says. */
    public String sentence() {
        var place = index.isPresent() ? Long.toString(index.getAsLong()) : "an unknown place";
        return cause.sentence.formatted(place);
    }
}
