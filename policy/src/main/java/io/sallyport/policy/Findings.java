package io.sallyport.policy;

import io.sallyport.policy.yaml.Position;
import io.sallyport.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with, and what is remarkable about, one document. */
final class Findings {
    /** Enough to work with; a hostile document must not buy an answer without end. */
    private static final int MAX_FINDINGS = 100;

    private static final Comparator<PolicyFinding> BY_PLACE =
            Comparator.comparingInt(PolicyFinding::line).thenComparingInt(PolicyFinding::column);

    private final List<PolicyFinding> errors = new ArrayList<>();
    private final List<PolicyFinding> remarks = new ArrayList<>();
    private final List<Selector> selectors = new ArrayList<>();

    /** Notes a reason to refuse the document. */
    void error(String code, String message, Position at) {
        add(errors, code, message, at);
    }

    /** Notes what the author should look at again. */
    void remark(String code, String message, Position at) {
        add(remarks, code, message, at);
    }

    /** Notes an entry that was understood. */
    void selector(Selector.Kind kind, YamlNode.Text entry) {
        selectors.add(Selector.of(kind, entry));
    }

    List<Selector> selectors() {
        return List.copyOf(selectors);
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    List<PolicyFinding> errors() {
        return errors.stream().sorted(BY_PLACE).toList();
    }

    List<PolicyFinding> remarks() {
        return remarks.stream().sorted(BY_PLACE).toList();
    }

    private static void add(List<PolicyFinding> list, String code, String message, Position at) {
        if (list.size() < MAX_FINDINGS) {
            list.add(new PolicyFinding(code, message, at.line(), at.column()));
        }
    }
}
