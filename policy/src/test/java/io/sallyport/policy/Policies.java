package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Policies for tests. */
final class Policies {
    private Policies() {}

    static Policy valid(String yaml) {
        return switch (Policy.read(yaml)) {
            case PolicyReading.Valid(var policy, _, _) -> policy;
            case PolicyReading.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    static List<Selector> selectors(String yaml) {
        return switch (Policy.read(yaml)) {
            case PolicyReading.Valid(_, _, var selectors) -> selectors;
            case PolicyReading.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    static List<PolicyFinding> refusal(String yaml) {
        return switch (Policy.read(yaml)) {
            case PolicyReading.Valid _ -> throw new AssertionError("accepted: " + yaml);
            case PolicyReading.Invalid(var findings) -> findings;
        };
    }

    static List<PolicyFinding> remarks(String yaml) {
        assertThat(Policy.read(yaml)).isInstanceOf(PolicyReading.Valid.class);
        return switch (Policy.read(yaml)) {
            case PolicyReading.Valid(_, var findings, _) -> findings;
            case PolicyReading.Invalid _ -> List.of();
        };
    }
}
