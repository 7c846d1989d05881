package dev.segno.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map of the project: which package may use which. */
@AnalyzeClasses(packages = "dev.segno", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule THE_ENGINE_IS_PLAIN_JAVA = noClasses()
            .that()
            .resideInAPackage("dev.segno.run..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..", "java.sql..", "javax.sql..", "io.vertx..", "org.sqlite..");

    @ArchTest
    static final ArchRule THE_ENGINE_USES_NO_OTHER_PACKAGE_OF_OURS = noClasses()
            .that()
            .resideInAPackage("dev.segno.run..")
            .should()
            .dependOnClassesThat(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage("dev.segno..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(
                            com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                                    "dev.segno.run.."))));

    @ArchTest
    static final ArchRule THE_STORE_USES_THE_ENGINE_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.segno.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.segno.camel..",
                    "dev.segno.api..",
                    "dev.segno.cli..",
                    "dev.segno.control..",
                    "dev.segno.security..",
                    "dev.segno.sandbox..",
                    "org.apache.camel..",
                    "io.vertx..");

    @ArchTest
    static final ArchRule ONLY_CAMEL_TOUCHES_CAMELS_INTERNALS = noClasses()
            .that()
            .resideOutsideOfPackage("dev.segno.camel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.camel.model..",
                    "org.apache.camel.impl..",
                    "org.apache.camel.processor..",
                    "org.apache.camel.reifier..",
                    "org.apache.camel.support..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.segno.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_VAGUE_NAMES = classes()
            .should()
            .haveSimpleNameNotEndingWith("Util")
            .andShould()
            .haveSimpleNameNotEndingWith("Utils")
            .andShould()
            .haveSimpleNameNotEndingWith("Helper")
            .andShould()
            .haveSimpleNameNotEndingWith("Manager")
            .andShould()
            .haveSimpleNameNotEndingWith("Impl");

    @ArchTest
    static void somethingIsLookedAt(JavaClasses imported) {
        assertThat(imported.size()).isGreaterThan(100);
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> silent = files.filter(Files::isDirectory)
                    .filter(ArchitectureTest::holdsClasses)
                    .filter(directory -> !isDescribed(directory.resolve("package-info.java")))
                    .toList();
            assertThat(silent).isEmpty();
        }
    }

    private static boolean holdsClasses(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isDescribed(Path file) {
        try {
            return Files.exists(file)
                    && Files.readString(file).contains("/**")
                    && Files.readString(file).contains("@NullMarked");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
