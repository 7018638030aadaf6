package dev.semel.windowing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
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
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {

    private static final String MODULE = "dev.semel.windowing";
    private static final String INTERNAL = MODULE + ".internal..";

    /** What the engine is made of. */
    private static final String[] PURE = {
        MODULE + ".watermark",
        MODULE + ".state",
        MODULE + ".aggregate",
        MODULE + ".engine",
        MODULE + ".sequence",
        MODULE + ".internal.time",
        MODULE + ".internal.format",
        MODULE + ".internal.watermark",
        MODULE + ".internal.windows"
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(MODULE);

    @Test
    void theEngineIsPlainJava() {
        noClasses()
                .that(resideInAnyPackage(PURE))
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(PURE))
                        .and(not(resideInAnyPackage("java..", "org.jspecify.annotations"))))
                .check(CLASSES);
    }

    /** It is optional: who counts nothing different runs without it. */
    @Test
    void theLibraryOfSketchesIsUsedInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage(MODULE + ".distinct")
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.dynatrace..", MODULE + ".distinct"))
                .check(CLASSES);
    }

    @Test
    void theEngineHasNoThreadAndNoClock() {
        noClasses()
                .that(resideInAnyPackage(PURE))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent.."))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executor.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callConstructor(Thread.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
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
                        return SliceIdentifier.of(javaClass.getPackageName());
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
