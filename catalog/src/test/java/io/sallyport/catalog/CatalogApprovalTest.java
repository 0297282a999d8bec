package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.Finding.Severity;
import io.sallyport.policy.Risk;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogApprovalTest {
    private static final String ECHO = "{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"}}";
    private static final String HIDDEN =
            "{\"name\":\"echo\",\"title\":\"E\u202echo\",\"inputSchema\":{\"type\":\"object\"}}";
    private static final String CYCLE =
            "{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\",\"$ref\":\"#\"}}";

    @Test
    void pinsWhatTheAdminSaw() {
        var tool = listed(ECHO);
        var approved = approve(tool, tool.listed().digest(), false);
        assertThat(approved)
                .isEqualTo(
                        new Approving.Approved<>(
                                new CatalogTool(
                                        tool.listed(),
                                        tool.findings(),
                                        ToolStatus.APPROVED,
                                        Optional.of(tool.listed()),
                                        Risk.WRITE,
                                        Set.of(),
                                        false)));
    }

    @Test
    void refusesADigestThatIsNotListedNow() {
        var before = listed(ECHO);
        var now =
                CatalogRefreshTest.refresh(
                                List.of(before), ECHO.replace("}}", "},\"title\":\"x\"}"))
                        .catalog()
                        .tools()
                        .getFirst();
        assertThat(approve(now, before.listed().digest(), true))
                .isInstanceOf(Approving.DigestMismatch.class);
    }

    @Test
    void refusesAToolThatIsMissing() {
        var known = CatalogRefreshTest.approvedAll(ECHO);
        var missing = CatalogRefreshTest.refresh(known).catalog().tools().getFirst();
        assertThat(approve(missing, missing.listed().digest(), true))
                .isInstanceOf(Approving.DigestMismatch.class);
    }

    @Test
    void findingsThatBlockNeedAnOverride() {
        var tool = listed(HIDDEN);
        assertThat(approve(tool, tool.listed().digest(), false))
                .isEqualTo(new Approving.OverrideRequired<>(tool.findings()));
        assertThat(tool.findings()).extracting(Finding::severity).containsOnly(Severity.BLOCK);
        assertThat(approve(tool, tool.listed().digest(), true))
                .isInstanceOf(Approving.Approved.class);
    }

    @Test
    @DisplayName("SB-03 no override approves a tool that cannot be served")
    void nothingApprovesARejectedTool() {
        var tool = listed(CYCLE);
        assertThat(tool.status()).isEqualTo(ToolStatus.REJECTED);
        assertThat(approve(tool, tool.listed().digest(), true))
                .isEqualTo(new Approving.Rejected<>(tool.findings().getFirst()));
        assertThat(tool.findings().getFirst().rule()).isEqualTo("ref_cycle");
    }

    @ParameterizedTest
    @DisplayName("TD-10 hints of the server never lower the risk class")
    @CsvSource({
        "UNCLASSIFIED, true,  false, UNCLASSIFIED",
        "DESTRUCTIVE,  true,  false, DESTRUCTIVE",
        "WRITE,        true,  false, WRITE",
        "READ,         true,  false, READ",
        "READ,         true,  true,  READ",
        "READ,         false, false, WRITE",
        "READ,         false, true,  DESTRUCTIVE",
        "WRITE,        false, true,  DESTRUCTIVE"
    })
    void hintsOnlyRaiseTheRisk(Risk said, boolean readOnly, boolean destructive, Risk effective) {
        var hints = "{\"readOnlyHint\":%s,\"destructiveHint\":%s}".formatted(readOnly, destructive);
        var tool =
                listed(
                        ECHO.replace(
                                "\"inputSchema\"",
                                "\"annotations\":" + hints + ",\"inputSchema\""));
        var terms =
                new ApprovalTerms(tool.listed().digest(), said, Set.of(), false, false, Set.of());
        var approved = approved(CatalogApproval.approve(tool, terms));
        assertThat(approved.effectiveRisk()).isEqualTo(effective);
    }

    @ParameterizedTest
    @CsvSource({"\"true\"", "1", "null", "{}"})
    void hintsThatAreNoBooleansAreIgnored(String hint) {
        assertThat(
                        RiskHints.raise(
                                Risk.READ,
                                Corpus.json(
                                        "{\"destructiveHint\":"
                                                + hint
                                                + ",\"readOnlyHint\":"
                                                + hint
                                                + "}")))
                .isEqualTo(Risk.READ);
    }

    private static CatalogTool listed(String descriptor) {
        return CatalogRefreshTest.refresh(List.of(), descriptor).catalog().tools().getFirst();
    }

    static <C extends CatalogItem<?, C>> C approved(Approving<C> outcome) {
        return switch (outcome) {
            case Approving.Approved<C>(var item) -> item;
            case Approving.DigestMismatch<C> _,
                    Approving.Rejected<C> _,
                    Approving.OverrideRequired<C> _ ->
                    throw new AssertionError(outcome);
        };
    }

    private static Approving<CatalogTool> approve(
            CatalogTool tool, String digest, boolean override) {
        return CatalogApproval.approve(
                tool, new ApprovalTerms(digest, Risk.WRITE, Set.of(), false, override, Set.of()));
    }
}
