package dev.semel.testkit.internal;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the class path that a child JVM needs to load what this one can. */
public final class ClassPath {

    private ClassPath() {}

    /**
     * This JVM's class path, with the URLs of the class loader that loaded this class: tools such as Maven's exec plugin run
     * programs in a class loader of their own, of which {@code java.class.path} knows nothing.
     *
     * @return as {@code java -cp} takes it
     */
    public static String current() {
        Set<String> entries = new LinkedHashSet<>();
        for (ClassLoader loader = ClassPath.class.getClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader instanceof URLClassLoader urls) {
                for (URL url : urls.getURLs()) {
                    if (url.getProtocol().equals("file")) {
                        entries.add(Path.of(URI.create(url.toString())).toString());
                    }
                }
            }
        }
        entries.addAll(List.of(System.getProperty("java.class.path", "").split(File.pathSeparator)));
        entries.remove("");
        if (entries.isEmpty()) {
            throw new IllegalStateException(
                    "this JVM has no class path to give to a child process; set one with classPath(...)");
        }
        return String.join(File.pathSeparator, entries);
    }
}
