package dev.semel.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {

    private static final String CORE = "dev.semel.core";
    private static final String INTERNAL = CORE + ".internal..";
    private static final String KAFKA_ERRORS = "org.apache.kafka.common.errors";

    private static JavaClasses everything;
    private static JavaClasses core;

    @BeforeAll
    static void readTheClasses() {
        everything = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.semel");
        core = everything.that(resideInAPackage(CORE + ".."));
        assertThat(core.size()).as("classes of core").isGreaterThan(50);
    }

    @Test
    void nobodyOutsideCoreReachesItsMachinery() {
        noClasses()
                .that(resideInAPackage("dev.semel..").and(not(resideInAPackage(CORE + ".."))))
                .should()
                .dependOnClassesThat(resideInAPackage(INTERNAL))
                .allowEmptyShould(true)
                .check(everything);
    }

    @Test
    void coreKnowsNoneOfItsSiblings() {
        noClasses()
                .that(resideInAPackage(CORE + ".."))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.semel..").and(not(resideInAPackage(CORE + ".."))))
                .check(everything);
    }

    @Test
    void coreKnowsKafkasClientsJacksonAndLittleElse() {
        noClasses()
                .that(resideInAPackage(CORE + ".."))
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                        "java..",
                        CORE + "..",
                        "org.apache.kafka.clients..",
                        "org.apache.kafka.common..",
                        "com.fasterxml.jackson..",
                        "io.micrometer.core.instrument..",
                        "org.jspecify.annotations",
                        "org.slf4j")))
                .check(core);
    }

    /** Micrometer is an optional dependency. */
    @Test
    void onlyTheBinderKnowsMicrometer() {
        noClasses()
                .that(not(resideInAPackage(CORE + ".health").and(describe("the binder", ArchitectureTest::isBinder))))
                .should()
                .dependOnClassesThat(resideInAPackage("io.micrometer.."))
                .check(core);
    }

    private static boolean isBinder(JavaClass javaClass) {
        return topLevel(javaClass).getSimpleName().equals("SemelMetrics");
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                        return SliceIdentifier.of(javaClass.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(core);
    }

    /** A record walks one way; what ends it last knows nothing of what began it. */
    @Test
    void eachRoomKnowsOnlyThoseBehindIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("observe")
                .definedBy(CORE + ".internal.observe..")
                .layer("poll")
                .definedBy(CORE + ".internal.poll..")
                .layer("handle")
                .definedBy(CORE + ".internal.handle..")
                .layer("release")
                .definedBy(CORE + ".internal.release..")
                .layer("commit")
                .definedBy(CORE + ".internal.commit..")
                .layer("budget")
                .definedBy(CORE + ".internal.budget..")
                .layer("start")
                .definedBy(CORE + ".internal.start..")
                .whereLayer("observe")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("poll")
                .mayOnlyBeAccessedByLayers("observe")
                .whereLayer("start")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("handle")
                .mayOnlyBeAccessedByLayers("poll", "observe")
                .whereLayer("release")
                .mayOnlyBeAccessedByLayers("poll", "handle", "observe")
                .whereLayer("commit")
                .mayOnlyBeAccessedByLayers("poll", "handle", "release", "start", "observe")
                .whereLayer("budget")
                .mayOnlyBeAccessedByLayers("poll", "handle")
                .whereLayer("budget")
                .mayNotAccessAnyLayer()
                .check(core);
    }

    @Test
    void thereIsNoRoomThatTheOrderDoesNotName() {
        Set<String> rooms = core.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(CORE + ".internal"))
                .collect(Collectors.toSet());
        assertThat(rooms)
                .containsExactlyInAnyOrder(
                        CORE + ".internal.budget",
                        CORE + ".internal.commit",
                        CORE + ".internal.handle",
                        CORE + ".internal.observe",
                        CORE + ".internal.poll",
                        CORE + ".internal.release",
                        CORE + ".internal.start");
    }

    /** What users write with knows nothing of the machinery that runs it. */
    @Test
    void onlyTheRootPackagePutsTheMachineryTogether() {
        noClasses()
                .that(resideInAPackage(CORE + "..").and(not(resideInAnyPackage(CORE, INTERNAL))))
                .should()
                .dependOnClassesThat(resideInAPackage(INTERNAL))
                .check(core);
    }

    @Test
    void noMachineryShowsInWhatUsersSee() {
        classes()
                .that(not(resideInAPackage(INTERNAL)).and(describe("visible", ArchitectureTest::isVisible)))
                .should(showNothingOf(INTERNAL))
                .check(core);
    }

    private static boolean isVisible(JavaClass javaClass) {
        return javaClass.getModifiers().contains(JavaModifier.PUBLIC)
                && (javaClass.getEnclosingClass().isEmpty()
                        || isVisible(javaClass.getEnclosingClass().get()));
    }

    private static ArchCondition<JavaClass> showNothingOf(String packages) {
        var hidden = resideInAPackage(packages);
        return new ArchCondition<>("have no public or protected member with a type of " + packages) {
            @Override
            public void check(JavaClass owner, ConditionEvents events) {
                Stream.concat(
                                owner.getMembers().stream()
                                        .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC)
                                                || member.getModifiers().contains(JavaModifier.PROTECTED))
                                        .flatMap(member -> Stream.concat(
                                                        member instanceof JavaCodeUnit unit
                                                                ? Stream.concat(
                                                                        unit.getParameterTypes().stream(),
                                                                        unit.getExceptionTypes().stream())
                                                                : Stream.<JavaType>empty(),
                                                        member.getAllInvolvedRawTypes().stream())
                                                .flatMap(type -> type.getAllInvolvedRawTypes().stream())),
                                Stream.concat(owner.getSuperclass().stream(), owner.getInterfaces().stream())
                                        .flatMap(type -> type.getAllInvolvedRawTypes().stream()))
                        .filter(hidden)
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(owner, owner.getName() + " shows " + type.getName())));
            }
        };
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(core.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(aPackage -> !aPackage.isAnnotatedWith(NullMarked.class)))
                .isEmpty();
    }

    /**
     * What Kafka's exceptions mean is decided in one class. What else names one has its reason here, and whoever adds a name has
     * to give theirs.
     */
    @Test
    void kafkasExceptionsAreClassifiedInOneClass() {
        Map<String, Set<String>> names = new TreeMap<>();
        for (JavaClass owner : core) {
            if (owner.getName().equals(CORE + ".internal.commit.ClientErrors")
                    // It is for participants, and serves them with clients of its own, whose failures it tells them.
                    || owner.getPackageName().equals(CORE + ".participant.topics")) {
                continue;
            }
            owner.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass())
                    .filter(target -> target.getPackageName().equals(KAFKA_ERRORS))
                    .forEach(target -> names.computeIfAbsent(topLevel(owner).getSimpleName(), any -> new TreeSet<>())
                            .add(target.getSimpleName()));
        }
        assertThat(names)
                .isEqualTo(Map.of(
                        // Without permission to look at a configuration its limit is unknown, which is no failure; and
                        // an interrupted lookup is told in Kafka's own exception.
                        "OutputTopics", Set.of("AuthorizationException", "InterruptException"),
                        // The same for the configurations that are compared at the start; and the answers that mean
                        // that asking was allowed.
                        "StartChecks",
                                Set.of(
                                        "AuthorizationException",
                                        "GroupIdNotFoundException",
                                        "UnknownMemberIdException"),
                        // A group that has members already starts where these have started.
                        "StartOffsets", Set.of("GroupNotEmptyException", "UnknownMemberIdException"),
                        // An interrupted restore is one that was broken off.
                        "Restores", Set.of("InterruptException"),
                        // Flow of the loop: somebody has news, the thread was interrupted.
                        "PollLoop", Set.of("InterruptException", "WakeupException"),
                        // An interrupted send dooms its transaction.
                        "TransactionWriter", Set.of("InterruptException")));
    }

    private static JavaClass topLevel(JavaClass javaClass) {
        return javaClass.getEnclosingClass().map(ArchitectureTest::topLevel).orElse(javaClass);
    }
}
