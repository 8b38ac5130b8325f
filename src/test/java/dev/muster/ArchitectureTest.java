package dev.muster;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

/** Who may know whom. The pipeline is the list of packages; each knows only those before it. */
@AnalyzeClasses(packages = "dev.muster", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String NULLNESS = "org.jspecify.annotations";
    /** What the adapters of AWS's APIs share. */
    private static final String AWS = "dev.muster.provider.aws..";

    private static final String[] ADAPTERS = {
        "dev.muster.source.docker..", "dev.muster.registry.etcd..", "dev.muster.provider.*.."
    };

    @ArchTest
    static final ArchRule theModelKnowsOnlyTheJdk =
            onlyKnow("dev.muster.model..", "dev.muster.model..", "java..", NULLNESS);

    @ArchTest
    static final ArchRule plansKnowOnlyTheModelAndTheJdk =
            onlyKnow("dev.muster.plan..", "dev.muster.plan..", "dev.muster.model..", "java..", NULLNESS);

    @ArchTest
    static final ArchRule modelAndPlansHaveNoClockNoDiskAndNoNetwork = noClasses()
            .that()
            .resideInAnyPackage("dev.muster.model..", "dev.muster.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.util.logging..")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule reconcilingKnowsNoneOfTheRoles = onlyKnow(
            "dev.muster.reconcile..",
            "dev.muster.reconcile..",
            "dev.muster.model..",
            "dev.muster.plan..",
            "org.slf4j..",
            "java..",
            NULLNESS);

    @ArchTest
    static final ArchRule settingsKnowOnlyTheModelAndWhatTlsNeeds = onlyKnow(
            "dev.muster.config..", "dev.muster.config..", "dev.muster.model..", "dev.muster.tls..", "java..", NULLNESS);

    @ArchTest
    static final ArchRule tlsKnowsOnlyTheJdk =
            onlyKnow("dev.muster.tls..", "dev.muster.tls..", "java..", "javax.net.ssl..", NULLNESS);

    @ArchTest
    static final ArchRule whatRunsChecksKnowsNothingOfWhatTheyLookAt = onlyKnow(
            "dev.muster.doctor..",
            "dev.muster.doctor..",
            "dev.muster.model..",
            "dev.muster.config..",
            "org.slf4j..",
            "java..",
            NULLNESS);

    @ArchTest
    static final ArchRule jetcdIsForTheEtcdAdapter = isFor("dev.muster.registry.etcd..", "io.etcd..", "io.grpc..");

    @ArchTest
    static final ArchRule dockerIsForTheDockerAdapter = isFor("dev.muster.source.docker..", "com.github.dockerjava..");

    @ArchTest
    static final ArchRule awsIsForItsAdapters =
            isFor("dev.muster.provider.(aws|route53)..", "software.amazon.awssdk..");

    @ArchTest
    static final ArchRule metricsAndServingAreForTheHttpPackage = isFor(
            "dev.muster.http..",
            "io.micrometer..",
            "io.prometheus..",
            "io.netty.channel..",
            "io.netty.handler.codec..");

    @ArchTest
    static final ArchRule theCommandLinesLibrariesAreForTheCommandLine =
            isFor("dev.muster.cli..", "picocli..", "ch.qos.logback..");

    @ArchTest
    static final ArchRule onlySettingsReadTheEnvironment = noClasses()
            .that()
            .resideOutsideOfPackage("dev.muster.config..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule onlyMainExits = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.muster.Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class);

    @ArchTest
    static final ArchRule onlyMainAndCrashPointsHalt = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.muster.Main")
            .and()
            .doNotHaveFullyQualifiedName("dev.muster.registry.CrashPoint")
            .should()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule onlyWiringKnowsAdapters = noClasses()
            .that()
            .resideOutsideOfPackages(and(ADAPTERS, "dev.muster.wiring.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ADAPTERS);

    @ArchTest
    static final ArchRule adaptersDoNotKnowEachOther = slices().matching("dev.muster.(**)")
            .that(describe("are adapters", slice -> slice.stream().anyMatch(resideInAnyPackage(ADAPTERS))))
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAnyPackage(AWS));

    @ArchTest
    static final ArchRule adaptersKnowNothingOfTheRoles = noClasses()
            .that()
            .resideInAnyPackage(ADAPTERS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.muster.agent..",
                    "dev.muster.watcher..",
                    "dev.muster.wiring..",
                    "dev.muster.cli..",
                    "dev.muster.http..",
                    "dev.muster.health..");

    @ArchTest
    static final ArchRule sourcesKnowNeitherRegistryNorProviders =
            doNotKnow("dev.muster.source..", "dev.muster.registry..", "dev.muster.provider..");

    @ArchTest
    static final ArchRule registriesKnowNeitherSourcesNorProviders =
            doNotKnow("dev.muster.registry..", "dev.muster.source..", "dev.muster.provider..");

    @ArchTest
    static final ArchRule providersKnowNeitherSourcesNorRegistries =
            doNotKnow("dev.muster.provider..", "dev.muster.source..", "dev.muster.registry..");

    @ArchTest
    static final ArchRule agentAndWatcherDoNotKnowEachOther =
            slices().matching("dev.muster.(agent|watcher)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule rolesKnowNeitherTheCommandLineNorTheWiring = noClasses()
            .that()
            .resideInAnyPackage("dev.muster.agent..", "dev.muster.watcher..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.muster.cli..", "dev.muster.wiring..", "dev.muster");

    @ArchTest
    static final ArchRule thereAreNoCycles =
            slices().matching("dev.muster.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theRootHoldsNothingButMain = classes()
            .that()
            .resideInAPackage("dev.muster")
            .should()
            .haveSimpleName("Main")
            .orShould()
            .haveSimpleName("package-info");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveSimpleNameContaining("Manager")
            .orShould()
            .haveSimpleNameContaining("Helper")
            .orShould()
            .haveSimpleNameContaining("Util")
            .orShould()
            .haveSimpleNameContaining("Common")
            .orShould()
            .haveSimpleNameStartingWith("Base")
            .orShould()
            .haveSimpleNameEndingWith("Base");

    private static ArchRule onlyKnow(String who, String... whom) {
        return classes()
                .that()
                .resideInAPackage(who)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(whom);
    }

    private static ArchRule doNotKnow(String who, String... whom) {
        return noClasses()
                .that()
                .resideInAPackage(who)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(whom);
    }

    /** The library is known there and nowhere else. */
    private static ArchRule isFor(String where, String... library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(where)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library);
    }

    private static String[] and(String[] some, String more) {
        return Stream.concat(Arrays.stream(some), Stream.of(more)).toArray(String[]::new);
    }
}
