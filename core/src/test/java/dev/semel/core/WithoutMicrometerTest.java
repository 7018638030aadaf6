package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Micrometer is for who has it. */
class WithoutMicrometerTest {

    private static final String BINDER = "dev.semel.core.health.SemelMetrics";

    @Test
    void everyClassButTheBinderLoadsWithoutIt() throws Exception {
        Path classes = Path.of(EventProcessor.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (var loader = withoutMicrometer()) {
            List<String> names = names(classes);
            assertThat(names).hasSizeGreaterThan(100).contains(BINDER);
            for (String name : names) {
                if (!name.startsWith(BINDER)) {
                    Class<?> loaded = Class.forName(name, true, loader);
                    assertThat(loaded.getClassLoader()).isSameAs(loader);
                    // Links what it mentions in its members.
                    assertThat(loaded.getDeclaredMethods()).isNotNull();
                    assertThat(loaded.getDeclaredFields()).isNotNull();
                }
            }
            assertThatThrownBy(() -> Class.forName(BINDER, true, loader))
                    .as("the test's own class path")
                    .isInstanceOf(NoClassDefFoundError.class)
                    .hasMessageContaining("micrometer");
        }
    }

    private static URLClassLoader withoutMicrometer() {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer"))
                .map(WithoutMicrometerTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(entry + " is on the class path", e);
        }
    }

    private static List<String> names(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(file -> classes.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .map(file -> file.replace(File.separatorChar, '.').replaceFirst("\\.class$", ""))
                    .toList();
        }
    }
}
