package io.sallyport.egress;

/** Whether a destination may be reached right now, without connecting to it. */
public sealed interface EgressVerdict {
    /** Every address that the host has at this moment may be dialled. */
    record Permitted() implements EgressVerdict {}

    /** At least one rule forbids it; a name that does not resolve counts as {@code ADDRESS}. */
    record Refused(EgressRefusal refusal) implements EgressVerdict {}
}
