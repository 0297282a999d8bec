package io.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

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

    private static final ApplicationModules MODULES = ApplicationModules.of(ROOT, OURS);
    private static final Path PICTURE = Path.of("..", "docs", "design", "rooms.puml");
    private static final Pattern ARROW = Pattern.compile("(\\w+) --> (?:\\w+\\.)*(\\w+)");
    private static final Path DRAWN = Path.of("target", "rooms");

    @Test
    void subPackagesArePrivateToTheirRoomAndRoomsMakeNoCycle() {
        MODULES.verify();
    }

    /** What a changed picture shows is meant, or there is an arrow too many. */
    @Test
    void thePictureOfTheRoomsIsTheOneThatModulithDraws() throws IOException {
        new Documenter(MODULES, Documenter.Options.defaults().withOutputFolder(DRAWN.toString()))
                .writeModulesAsPlantUml(
                        Documenter.DiagramOptions.defaults()
                                .withStyle(Documenter.DiagramOptions.DiagramStyle.UML));

        assertThat(arrows(DRAWN.resolve("components.puml")))
                .as("docs/design/rooms.puml; the new one is " + DRAWN.toAbsolutePath())
                .isEqualTo(arrows(PICTURE));
    }

    /** In whichever order they are drawn. */
    private static List<String> arrows(Path picture) throws IOException {
        return ARROW.matcher(Files.readString(picture))
                .results()
                .map(it -> it.group(1) + " --> " + it.group(2))
                .sorted()
                .toList();
    }

    @Test
    void threadsKnowNoRoom() {
        RULES.threadsKnowNoRoom().check(ROOMS);
    }

    @Test
    void packagesMakeNoCycle() {
        RULES.packagesMakeNoCycle().check(ROOMS);
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
        RULES.vettingUsesNoFramework().check(ROOMS);
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
