package io.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.modulith.core.ApplicationModules;

/** Holds planted classes against the rules: each rule reports its violations and nothing else. */
class ArchitectureRulesBiteTest {
    private static final String PLANTED = "io.sallyport.architecture.planted";
    private static final ArchitectureRules RULES = new ArchitectureRules(PLANTED);
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(PLANTED);

    static Stream<Arguments> rules() {
        return Stream.of(
                reports(RULES.onlyTheStoreKnowsSql(), "gate.ReadsSql"),
                reports(
                        RULES.onlyTheEgressNamesClients(),
                        "chat.OpensSocket",
                        "chat.UsesJdkClient",
                        "chat.UsesReactorNetty",
                        "chat.UsesWebClient"),
                reports(RULES.onlyTheEgressOpensUrls(), "chat.OpensUrl"),
                reports(RULES.onlyTheBridgesSubscribe(), "chat.Blocks", "chat.Subscribes"),
                reports(RULES.nothingSleeps(), "chat.Sleeps"),
                reports(RULES.policyUsesOnlyTheJdk(), "policy.UsesSpring"),
                reports(RULES.policyKeepsItsParsersInside(), "policy.ReadsYaml"),
                reports(RULES.policyReadsNoClock(), "policy.ReadsClock"),
                reports(RULES.auditUsesOnlyTheJdk(), "audit.UsesSpring"),
                reports(RULES.catalogUsesNoFramework(), "catalog.UsesReactor"),
                reports(RULES.vettingUsesNoFramework(), "vetting.UsesReactor"),
                reports(
                        RULES.bridgeKnowsNeitherBootNorTheApplication(),
                        "bridge.KnowsBoot",
                        "bridge.KnowsTheGate",
                        "threads.KnowsTheGate"),
                reports(RULES.threadsKnowNoRoom(), "threads.KnowsTheGate"),
                reports(RULES.jacksonIsJackson3(), "chat.UsesJackson2"),
                reports(
                        RULES.wireRecordsStayBesideTheirController(),
                        "admin.PublicMessage$NestedRequest",
                        "admin.PublicRequest"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void reportsThePlantedViolationsAndNothingElse(ArchRule rule, List<String> violators) {
        String report = rule.evaluate(CLASSES).getFailureReport().toString();

        assertThat(namesIn(report)).containsExactlyElementsOf(violators);
    }

    @Test
    void reportsUseOfAnotherRoomsSubPackage() {
        assertThat(modulesReport())
                .contains("admin.ReachesInside")
                .contains("non-exposed type " + PLANTED + ".gate.ledger.Ledger");
    }

    @Test
    void leavesUseOfTheOwnSubPackageAlone() {
        assertThat(modulesReport()).doesNotContain("UsesItsOwnLedger");
    }

    @Test
    void reportsCyclesBetweenRooms() {
        assertThat(modulesReport()).contains("Cycle detected").contains("identity.KnowsTelemetry");
    }

    @Test
    void reportsACycleBetweenARoomAndItsSubPackage() {
        String report = RULES.packagesMakeNoCycle().evaluate(CLASSES).getFailureReport().toString();

        assertThat(report).contains("<" + PLANTED + ".bridge.MakesItsOwn.", "bridge.made.Made");
        assertThat(report).doesNotContain("UsesItsOwnLedger");
    }

    private static String modulesReport() {
        return ApplicationModules.of(PLANTED, _ -> true).detectViolations().toString();
    }

    private static Arguments reports(ArchRule rule, String... violators) {
        return Arguments.of(rule, List.of(violators));
    }

    /** Planted names whose violation line begins with them: the violator comes first. */
    private static List<String> namesIn(String report) {
        return CLASSES.stream()
                .filter(type -> !type.isAnonymousClass())
                .map(JavaClass::getName)
                .filter(name -> accuses(report, name))
                .map(name -> name.substring(PLANTED.length() + 1))
                .sorted()
                .collect(Collectors.toList());
    }

    private static boolean accuses(String report, String name) {
        return report.lines()
                .anyMatch(line -> line.matches("\\w+ <" + Pattern.quote(name) + "[.>(].*"));
    }
}
