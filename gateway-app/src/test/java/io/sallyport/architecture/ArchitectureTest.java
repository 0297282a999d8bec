package io.sallyport.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** Holds the classes of all rooms against the rules. Samples are programs of their own. */
class ArchitectureTest {
    private static final String ROOT = "io.sallyport";
    private static final ImportOption NO_TESTS = new ImportOption.DoNotIncludeTests();
    private static final ImportOption OURS =
            location ->
                    NO_TESTS.includes(location)
                            && !location.contains("/io/sallyport/samples/")
                            && !location.contains("/io/sallyport/fuzz/");
    private static final ArchitectureRules RULES = new ArchitectureRules(ROOT);

    private static final JavaClasses ROOMS =
            new ClassFileImporter().withImportOption(OURS).importPackages(ROOT);

    @Test
    void subPackagesArePrivateToTheirRoomAndRoomsMakeNoCycle() {
        ApplicationModules.of(ROOT, OURS).verify();
    }

    @Test
    void onlyTheStoreKnowsSql() {
        RULES.onlyTheStoreKnowsSql().check(ROOMS);
    }

    @Test
    void onlyTheEgressOpensConnections() {
        RULES.onlyTheEgressNamesClients().check(ROOMS);
        RULES.onlyTheEgressOpensUrls().check(ROOMS);
    }

    @Test
    void onlyTheTwoBridgesSubscribeOrBlock() {
        RULES.onlyTheBridgesSubscribe().check(ROOMS);
    }

    @Test
    void nothingSleeps() {
        RULES.nothingSleeps().check(ROOMS);
    }

    @Test
    void policyKnowsNoFramework() {
        RULES.policyUsesOnlyTheJdk().check(ROOMS);
        RULES.policyKeepsItsParsersInside().check(ROOMS);
    }

    @Test
    void policyReadsNoClock() {
        RULES.policyReadsNoClock().check(ROOMS);
    }

    @Test
    void auditKnowsNoFramework() {
        RULES.auditUsesOnlyTheJdk().check(ROOMS);
    }

    @Test
    void catalogKnowsNoFramework() {
        RULES.catalogUsesNoFramework().check(ROOMS);
    }

    @Test
    void bridgeKnowsNeitherBootNorTheApplication() {
        RULES.bridgeKnowsNeitherBootNorTheApplication().check(ROOMS);
    }

    @Test
    void jacksonIsJackson3() {
        RULES.jacksonIsJackson3().check(ROOMS);
    }

    @Test
    void wireRecordsStayBesideTheirController() {
        RULES.wireRecordsStayBesideTheirController().check(ROOMS);
    }
}
