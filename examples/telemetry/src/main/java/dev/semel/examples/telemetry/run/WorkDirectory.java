package dev.semel.examples.telemetry.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run keeps its logs and its data.
 *
 * @param path an existing directory of this run alone
 * @param temporary whether it goes when all went well
 */
public record WorkDirectory(Path path, boolean temporary) {

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'run-'yyyyMMdd-HHmmss-SSS");

    /** A directory of its own in the one that was asked for, or a temporary one. */
    public static WorkDirectory create(Optional<Path> parent) throws IOException {
        if (parent.isEmpty()) {
            return new WorkDirectory(Files.createTempDirectory("semel-telemetry-"), true);
        }
        Path run = parent.get().toAbsolutePath().resolve(NAME.format(LocalDateTime.now()));
        return new WorkDirectory(Files.createDirectories(run), false);
    }

    /** Removes it, if it is temporary. */
    public void discard() {
        if (!temporary) {
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            // It lies where the system clears up; the run has its result.
        }
    }
}
