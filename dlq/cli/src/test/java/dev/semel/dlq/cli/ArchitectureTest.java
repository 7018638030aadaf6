package dev.semel.dlq.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The command does what any user's program could do. */
class ArchitectureTest {

    @Test
    void theCommandUsesOnlyWhatIsPublic() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.semel..internal..")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.semel.dlq.cli"));
    }
}
