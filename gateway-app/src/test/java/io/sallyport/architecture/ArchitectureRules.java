package io.sallyport.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.reactivestreams.Publisher;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The rules of the rooms below one root package. The root is a parameter so that the same rules can
 * be held against planted violations.
 */
record ArchitectureRules(String root) {
    private static final Set<String> CLOCK_READS =
            Set.of("now", "currentTimeMillis", "nanoTime", "systemUTC", "systemDefaultZone");
    private static final Set<String> URL_OPENERS =
            Set.of("openConnection", "openStream", "getContent");

    ArchRule onlyTheStoreKnowsSql() {
        return noClasses()
                .that(areOutside("store"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "java.sql..",
                                "javax.sql..",
                                "org.springframework.jdbc..",
                                "org.postgresql..",
                                "org.flywaydb..",
                                "com.zaxxer.hikari..",
                                "io.zonky.."))
                .because("only the store knows SQL");
    }

    ArchRule onlyTheEgressNamesClients() {
        return noClasses()
                .that(areOutside("egress", "cli", "store"))
                .should()
                .dependOnClassesThat(openConnections())
                .because("only the egress client opens connections");
    }

    ArchRule onlyTheEgressOpensUrls() {
        return noClasses()
                .that(areOutside("egress", "cli", "store"))
                .should()
                .accessTargetWhere(target(URL.class, URL_OPENERS))
                .because("only the egress client opens connections");
    }

    ArchRule onlyTheBridgesSubscribe() {
        return noClasses()
                .that(not(areTheTwoBridges()))
                .should()
                .accessTargetWhere(waitsForPublisher())
                .because("reactive at the edge, plain Java inside, two bridges between them");
    }

    ArchRule nothingSleeps() {
        return noClasses()
                .that(not(areTheTwoBridges()))
                .should()
                .accessTargetWhere(target(Thread.class, Set.of("sleep")))
                .orShould()
                .accessTargetWhere(target(TimeUnit.class, Set.of("sleep")))
                .because("a sleeping thread hears no cancellation and makes a slow test");
    }

    ArchRule policyUsesOnlyTheJdk() {
        return usesOnly("policy", inside("json"), "org.snakeyaml.engine..", "dev.cel..");
    }

    ArchRule policyKeepsItsParsersInside() {
        return noClasses()
                .that(areInside("policy"))
                .and(areOutside("policy.yaml", "policy.cel"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.snakeyaml.engine..", "dev.cel.."))
                .because("a rule is not a document");
    }

    ArchRule policyReadsNoClock() {
        return noClasses()
                .that(areInside("policy"))
                .should()
                .accessTargetWhere(readsClock())
                .because("time is handed to the policy, so that a decision can be repeated");
    }

    ArchRule auditUsesOnlyTheJdk() {
        return usesOnly("audit", inside("json"), "javax.crypto..");
    }

    ArchRule catalogUsesNoFramework() {
        return usesOnly(
                "catalog",
                inside("json"),
                inside("policy"),
                "tools.jackson..",
                "com.fasterxml.jackson.annotation..",
                "com.google.re2j..",
                "com.ibm.icu.text..");
    }

    ArchRule vettingUsesNoFramework() {
        return usesOnly(
                "vetting",
                inside("json"),
                inside("policy"),
                inside("catalog"),
                "tools.jackson..",
                "com.networknt..",
                "com.google.re2j..");
    }

    ArchRule bridgeKnowsNeitherBootNorTheApplication() {
        return noClasses()
                .that(areInside("threads", "egress", "bridge", "upstream"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.springframework.boot..")
                                .or(
                                        resideInAnyPackage(root, root + "..")
                                                .and(
                                                        areOutside(
                                                                "threads",
                                                                "egress",
                                                                "bridge",
                                                                "upstream",
                                                                "vetting",
                                                                "catalog",
                                                                "policy",
                                                                "json"))))
                .because("dependencies point one way: app, bridge, vetting, catalog, policy, json");
    }

    ArchRule threadsKnowNoRoom() {
        return noClasses()
                .that(areInside("threads"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(root, root + "..").and(areOutside("threads")))
                .because("what runs is nothing to the threads");
    }

    /** Every package is one, a room and its sub-packages too. */
    ArchRule packagesMakeNoCycle() {
        return slices().matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("what needs each other is one notion");
    }

    ArchRule jacksonIsJackson3() {
        return noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("com.fasterxml.jackson..")
                                .and(resideOutsideOfPackages("com.fasterxml.jackson.annotation..")))
                .because("two JSON readers are two opinions on what a request says");
    }

    ArchRule wireRecordsStayBesideTheirController() {
        return noClasses()
                .that(areInside("admin", "chat", "mcp"))
                .and()
                .areRecords()
                .and()
                .haveNameMatching(".*(Request|Response|Body)")
                .should(new SeenOutside())
                .allowEmptyShould(true)
                .because("wire records are not domain records");
    }

    private ArchRule usesOnly(String room, String... libraries) {
        return classes()
                .that(areInside(room))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "org.jspecify..", inside(room))
                                .or(resideInAnyPackage(libraries)))
                .because(room + " knows no framework");
    }

    private DescribedPredicate<JavaClass> areInside(String... rooms) {
        return resideInAnyPackage(packages(rooms));
    }

    private DescribedPredicate<JavaClass> areOutside(String... rooms) {
        return resideOutsideOfPackages(packages(rooms));
    }

    private String[] packages(String... rooms) {
        return Set.of(rooms).stream().map(this::inside).toArray(String[]::new);
    }

    private String inside(String room) {
        return root + "." + room + "..";
    }

    private DescribedPredicate<JavaClass> areTheTwoBridges() {
        Set<String> names = Set.of(root + ".threads.Await", root + ".threads.BlockingFlux");
        return DescribedPredicate.describe(
                "are one of the two bridges", type -> names.contains(outermost(type).getName()));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureRules::outermost).orElse(type);
    }

    private static DescribedPredicate<JavaClass> openConnections() {
        return resideInAnyPackage(
                        "java.net.http..",
                        "reactor.netty.http.client..",
                        "reactor.netty.tcp..",
                        "reactor.netty.udp..",
                        "reactor.netty.resources..",
                        "io.netty.bootstrap..",
                        "org.springframework.http.client..",
                        "org.springframework.web.client..",
                        "org.springframework.web.reactive.function.client..")
                .or(
                        belongToAnyOf(
                                Socket.class,
                                ServerSocket.class,
                                DatagramSocket.class,
                                SocketChannel.class,
                                DatagramChannel.class,
                                AsynchronousSocketChannel.class,
                                SocketFactory.class,
                                SSLSocketFactory.class,
                                URLConnection.class))
                .and(not(belongToAnyOf(ReactorResourceFactory.class))) // names event loops only
                .as("open connections");
    }

    private static DescribedPredicate<JavaAccess<?>> waitsForPublisher() {
        return DescribedPredicate.describe(
                "a publisher is subscribed to or waited for",
                access ->
                        access.getTargetOwner().isAssignableTo(Publisher.class)
                                && startsOrWaits(access.getTarget().getName()));
    }

    private static boolean startsOrWaits(String method) {
        return method.startsWith("block")
                || (method.startsWith("subscribe") && !method.equals("subscribeOn"))
                || Set.of("toFuture", "toIterable", "toStream").contains(method);
    }

    private static DescribedPredicate<JavaAccess<?>> readsClock() {
        return DescribedPredicate.describe(
                "the clock is read",
                access ->
                        CLOCK_READS.contains(access.getTarget().getName())
                                && isOfTheJdk(access.getTarget())
                                && !isHandedClock(access.getTarget()));
    }

    private static boolean isOfTheJdk(AccessTarget target) {
        return target.getOwner().getPackageName().startsWith("java.");
    }

    /** {@code Instant.now(clock)} reads a clock that was handed in. */
    private static boolean isHandedClock(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget method
                && method.getRawParameterTypes().stream()
                        .anyMatch(type -> type.isEquivalentTo(Clock.class));
    }

    private static DescribedPredicate<JavaAccess<?>> target(Class<?> owner, Set<String> methods) {
        return DescribedPredicate.describe(
                owner.getSimpleName() + " " + methods + " is called",
                access ->
                        access.getTargetOwner().isEquivalentTo(owner)
                                && methods.contains(access.getTarget().getName()));
    }
}
