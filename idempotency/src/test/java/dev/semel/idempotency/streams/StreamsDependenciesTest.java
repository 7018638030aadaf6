package dev.semel.idempotency.streams;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Kafka Streams is an optional dependency: only who embeds the deduplication has it. */
class StreamsDependenciesTest {

    private static final String MODULE = "dev.semel.idempotency";
    private static final String[] STREAMS = {MODULE + ".streams..", MODULE + ".internal.streams.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(MODULE);

    @Test
    void nothingElseInTheModuleNeedsKafkaStreams() {
        noClasses()
                .that(not(resideInAnyPackage(STREAMS)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.apache.kafka.streams..", MODULE + ".streams..", MODULE + ".internal.streams.."))
                .check(CLASSES);
    }

    @Test
    void itNeedsKafkaCoreAndLittleElse() {
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
                        "org.apache.kafka.common..",
                        "org.apache.kafka.streams..",
                        "org.jspecify.annotations",
                        "org.slf4j")))
                .check(CLASSES);
    }

    /** Kafka's own internals change from release to release. */
    @Test
    void itStaysOutOfTheInternalsOfKafkaStreams() {
        noClasses()
                .that(resideInAnyPackage(STREAMS))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.kafka.streams..internals.."))
                .check(CLASSES);
    }

    @Test
    void theMachineryKnowsNothingOfWhatUsersSee() {
        noClasses()
                .that(resideInAPackage(MODULE + ".internal.streams.."))
                .should()
                .dependOnClassesThat(resideInAPackage(MODULE + ".streams.."))
                .check(CLASSES);
    }
}
