package io.sallyport.audit;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The answer of {@link LogVerifier}.
 *
 * @param findings everything that is wrong, the gravest first; empty if nothing is
 * @param coverage what was looked at
 */
public record Verification(List<Finding> findings, Coverage coverage) {
    private static final Comparator<Finding> GRAVEST_FIRST =
            Comparator.comparing(Finding::verdict, Verdict.GRAVEST_FIRST)
                    .thenComparingLong(finding -> finding.index().orElse(Long.MAX_VALUE));

    public Verification {
        findings = findings.stream().distinct().sorted(GRAVEST_FIRST).toList();
    }

    /** An answer where nothing could be read. */
    public static Verification unread(Finding.Cause cause) {
        return new Verification(List.of(Finding.of(cause)), Coverage.NOTHING);
    }

    Verification and(Finding finding) {
        return new Verification(
                Stream.concat(findings.stream(), Stream.of(finding)).toList(), coverage);
    }

    /** The verdict of the gravest finding. */
    public Verdict verdict() {
        return findings.isEmpty() ? Verdict.OK : findings.getFirst().verdict();
    }

    /** Where the gravest finding is, if it has a place. */
    public OptionalLong index() {
        return findings.isEmpty() ? OptionalLong.empty() : findings.getFirst().index();
    }

    /** How many records were read. */
    public long records() {
        return coverage.records();
    }

    /** How many sealed payloads are gone with authorisation. */
    public long erased() {
        return coverage.payloads().erased();
    }

    /** One line for people: the gravest finding, or what was verified if there is none. */
    public String sentence() {
        return findings.isEmpty() ? coverage.sentence() : findings.getFirst().sentence();
    }
}
