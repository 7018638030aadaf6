package dev.semel.examples.telemetry.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Where a run keeps its logs and its data.
 *
 * @param path an existing directory of this run alone
 * @param temporary whether it goes when all went well
 */
public record WorkDirectory(Path path, boolean temporary) {

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'run-'yyyyMMdd-HHmmss-SSS");
    private static final int MOST_TRIES = 50;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A directory of its own in the one that was asked for, or a temporary one. */
    public static WorkDirectory create(Optional<Path> parent) throws IOException {
        if (parent.isEmpty()) {
            return new WorkDirectory(Files.createTempDirectory("semel-telemetry-"), true);
        }
        Path run = parent.get().toAbsolutePath().resolve(NAME.format(LocalDateTime.now()));
        return new WorkDirectory(Files.createDirectories(run), false);
    }

    /** Removes it, if it is temporary. A process of the run may be about to end, and write to it meanwhile. */
    public void discard() {
        for (int tries = 0; temporary && tries < MOST_TRIES && !isRemoved(); tries++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private boolean isRemoved() {
        try (Stream<Path> walk = Files.walk(path)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
            return true;
        } catch (NoSuchFileException e) {
            return !Files.exists(path);
        } catch (IOException | UncheckedIOException e) {
            // In the end it lies where the system clears up; the run has its result.
            return false;
        }
    }
}
