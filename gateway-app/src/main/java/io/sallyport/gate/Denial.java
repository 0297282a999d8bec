package io.sallyport.gate;

import io.sallyport.error.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Why a call is refused before its intent.
 *
 * @param reason what the record says
 * @param shown what the caller is told, which may be less
 * @param sentence for the caller
 * @param details JSON pointers of invalid arguments, else empty
 * @param target what was called, absent if the caller could not have known it
 * @param rule id of the deny rule, or empty
 */
record Denial(
        Reason reason,
        Reason shown,
        String sentence,
        List<String> details,
        Optional<Target> target,
        String rule) {
    Denial {
        details = List.copyOf(details);
    }

    /** The caller may know all of it. */
    static Denial of(Reason reason, String sentence, Optional<Target> target) {
        return new Denial(reason, reason, sentence, List.of(), target, "");
    }

    /** Whatever it was decided on has changed by the time its effect was to begin. */
    static Denial overtaken(Target target) {
        return of(
                Reason.POLICY_UNAVAILABLE,
                "The rules keep changing; try again.",
                Optional.of(target));
    }

    /** Of a call that some rule lets pass. */
    static Denial of(Reason reason, String sentence, AdmittedCall call) {
        return new Denial(
                reason, reason, sentence, List.of(), Optional.of(call.target()), call.rule());
    }
}
