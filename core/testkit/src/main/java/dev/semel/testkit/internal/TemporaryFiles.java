package dev.semel.testkit.internal;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and removes the files of child processes. */
public final class TemporaryFiles {

    private static final Logger log = LoggerFactory.getLogger(TemporaryFiles.class);

    private TemporaryFiles() {}

    /**
     * Reads a log.
     *
     * @param file a text in the default charset
     * @return its content, empty if it does not exist
     */
    public static String read(Path file) {
        // A thread that is interrupted can read it, as it could not by a channel.
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), Charset.defaultCharset());
        } catch (IOException e) {
            if (!Files.exists(file)) {
                return "";
            }
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * Removes a file, or a directory with all that is in it, as far as possible.
     *
     * @param path what to remove
     */
    public static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            // It is in the temporary directory, where it harms nobody.
            log.debug("cannot remove {}", path, e);
        }
    }
}
