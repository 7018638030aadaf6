package dev.semel.dlq;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {

    private static final String MODULE = "dev.semel.dlq";
    private static final String INTERNAL = MODULE + ".internal..";
    private static final String[] STREAMS = {MODULE + ".streams..", MODULE + ".internal.streams.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(MODULE);

    @Test
    void itNeedsCoreKafkasClientsAndLittleElse() {
        noClasses()
                .that(not(resideInAnyPackage(STREAMS)))
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                        "java..",
                        MODULE + "..",
                        "dev.semel.core.event",
                        "dev.semel.core.failure",
                        "dev.semel.core.health",
                        "dev.semel.core.participant",
                        "dev.semel.core.participant.topics",
                        "org.apache.kafka.clients..",
                        "org.apache.kafka.common..",
                        "org.jspecify.annotations",
                        "org.slf4j")))
                .check(CLASSES);
    }

    /** Kafka Streams is an optional dependency: only who embeds the exception handler has it. */
    @Test
    void nothingElseInTheModuleNeedsKafkaStreams() {
        noClasses()
                .that(not(resideInAnyPackage(STREAMS)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.apache.kafka.streams..", MODULE + ".streams..", MODULE + ".internal.streams.."))
                .check(CLASSES);
    }

    /** Kafka's own internals change from release to release. */
    @Test
    void whatIsForKafkaStreamsNeedsThatAndLittleElse() {
        noClasses()
                .that(resideInAnyPackage(STREAMS))
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                                "java..",
                                MODULE + ".streams..",
                                MODULE + ".internal.streams..",
                                "dev.semel.core.event",
                                "dev.semel.core.failure",
                                "dev.semel.core.health",
                                "org.apache.kafka.clients.consumer",
                                "org.apache.kafka.clients.producer",
                                "org.apache.kafka.common..",
                                "org.apache.kafka.streams..",
                                "org.jspecify.annotations",
                                "org.slf4j"))
                        .or(resideInAPackage("org.apache.kafka.streams..internals..")))
                .check(CLASSES);
    }

    /**
     * Values of the root package: what letters are, what is said of them and thrown about them. The machinery reads and makes them, as
     * users do; a copy of each for it would only have to be copied back.
     */
    private static final Set<Class<?>> VALUES = Set.of(
            InPlaceReport.class,
            Letter.class,
            LetterFormat.class,
            LetterMetric.class,
            LetterState.class,
            LetterStatus.class,
            LetterValidator.class,
            LettersRefusedException.class,
            LettersUnavailableException.class,
            NoOwnerException.class,
            OperatorFencedException.class,
            Provenance.class,
            ProvenanceReader.class,
            Reading.class,
            RedrivePlan.class,
            RedriveReport.class,
            StateChange.class);

    private static boolean isValue(JavaClass javaClass) {
        String wanted = javaClass.getBaseComponentType().getName();
        return VALUES.stream()
                .map(Class::getName)
                .anyMatch(name -> wanted.equals(name) || wanted.startsWith(name + "$"));
    }

    @Test
    void theMachineryKnowsNothingOfWhatUsersSeeButValues() {
        noClasses()
                .that(resideInAPackage(INTERNAL))
                .should()
                .dependOnClassesThat(resideInAPackage(MODULE + "..")
                        .and(not(resideInAPackage(INTERNAL)))
                        .and(not(describe("values", ArchitectureTest::isValue))))
                .check(CLASSES);
    }

    @Test
    void valuesKnowOnlyValues() {
        noClasses()
                .that(describe("are values", ArchitectureTest::isValue))
                .should()
                .dependOnClassesThat(
                        resideInAPackage(MODULE + "..").and(not(describe("values", ArchitectureTest::isValue))))
                .check(CLASSES);
    }

    /** STYLE: what the exceptions of Kafka's clients mean is decided in one class. What else names one says why right there. */
    @Test
    void kafkasExceptionsAreClassifiedInOneClass() {
        noClasses()
                .that(not(resideInAnyPackage(STREAMS)))
                .and(not(simpleName("ClientErrors")))
                .and(not(simpleName("Targets")).and(not(simpleName("Look"))).and(not(simpleName("Redriver"))))
                .and(not(simpleName("Stores")))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.kafka.common.errors"))
                .check(CLASSES);
    }

    @Test
    void noMachineryShowsInWhatUsersSee() {
        noMethods()
                .that()
                .areDeclaredInClassesThat(
                        not(resideInAPackage(INTERNAL)).and(describe("visible", ArchitectureTest::isVisible)))
                .and(describe(
                        "visible",
                        (JavaMethod method) -> method.getModifiers().contains(JavaModifier.PUBLIC)
                                || method.getModifiers().contains(JavaModifier.PROTECTED)))
                .should(have(describe(
                        "a type of the machinery",
                        method -> method.getAllInvolvedRawTypes().stream().anyMatch(resideInAPackage(INTERNAL)))))
                .check(CLASSES);
    }

    private static boolean isVisible(JavaClass javaClass) {
        return javaClass.getModifiers().contains(JavaModifier.PUBLIC)
                && (javaClass.getEnclosingClass().isEmpty()
                        || isVisible(javaClass.getEnclosingClass().get()));
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                        return SliceIdentifier.of(isValue(javaClass) ? "values" : javaClass.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(CLASSES.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(aPackage -> !aPackage.isAnnotatedWith(NullMarked.class)))
                .isEmpty();
    }
}
