package dev.semel.examples.telemetry.input;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, plain or gzipped, as bytes without their ends. An empty line is a line too, but not what follows the last line
 * break.
 */
final class ByteLines implements AutoCloseable {

    /** A record of Kafka has to hold it. */
    static final int MOST_BYTES = 8 << 20;

    private static final int BUFFER = 64 << 10;
    private static final int GZIP = 0x1f8b;

    private final Path file;
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;

    private ByteLines(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    static ByteLines open(Path file) {
        if (!Files.exists(file)) {
            throw new InputException("input file " + file + " does not exist: give the path of one with --input");
        }
        if (Files.isDirectory(file)) {
            throw new InputException("input file " + file + " is a directory: give a file in it with --input");
        }
        InputStream in = null;
        try {
            in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
            in.mark(2);
            int magic = in.read() << 8 | in.read();
            in.reset();
            return new ByteLines(
                    file, magic == GZIP ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER) : in);
        } catch (IOException e) {
            close(in);
            throw unreadable(file, e);
        }
    }

    private static void close(@Nullable InputStream in) {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            // It was read only: nothing can be lost by this.
        }
    }

    private static InputException unreadable(Path file, IOException e) {
        return new InputException("input file " + file + " cannot be read: " + e);
    }

    /** The next line; null at the end. */
    byte @Nullable [] next() {
        line.reset();
        number++;
        try {
            int read = in.read();
            if (read < 0) {
                return null;
            }
            while (read >= 0 && read != '\n') {
                line.write(read);
                if (line.size() > MOST_BYTES) {
                    throw new InputException("line " + number + " of input file " + file + " has more than "
                            + MOST_BYTES + " bytes, which is the most that can be sent: is it the right file?");
                }
                read = in.read();
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        byte[] bytes = line.toByteArray();
        int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        return length == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, length);
    }

    @Override
    public void close() {
        close(in);
    }
}
