package io.sallyport.audit;

import java.util.OptionalLong;

/**
 * The answer of {@link LogVerifier}.
 *
 * @param index where it goes wrong, see {@link #sentence}; empty where no place can be named
 * @param records how many records were read
 * @param erased how many sealed payloads are gone with authorisation
 */
public record Verification(Verdict verdict, OptionalLong index, long records, long erased) {

    /** One line for people. Holds numbers only, nothing of what the log says. */
    public String sentence() {
        return switch (verdict) {
            case OK -> "%d records verified, %d erased, all authorised".formatted(records, erased);
            case TAMPERED -> "the log was changed, at record " + place() + " or later";
            case GAP -> "records are missing at " + place();
            case FORK -> "the key signed another history before record " + place();
            case ROLLED_BACK -> "the log ends at " + place() + ", before an outside checkpoint";
            case UNANCHORED ->
                    "%d records agree with themselves; no outside checkpoint was given"
                            .formatted(records);
            case STALE -> "%d records verified, the newest is too old".formatted(records);
            case UNAUTHORISED_LOSS ->
                    "the payload of record " + place() + " is missing without authorisation";
            case CANNOT_VERIFY -> "the log or an outside checkpoint cannot be read or opened";
        };
    }

    private String place() {
        return index.isPresent() ? Long.toString(index.getAsLong()) : "an unknown place";
    }
}
