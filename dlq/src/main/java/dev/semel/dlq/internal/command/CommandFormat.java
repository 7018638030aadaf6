package dev.semel.dlq.internal.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.dlq.LetterState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link Command}: a version, then its components in their order. An edit has version 2, so that an owner of an earlier
 * release passes over that alone.
 */
public final class CommandFormat {

    private static final int VERSION = 1;
    private static final int VERSION_OF_EDIT = 2;
    private static final int NULL = -1;

    private CommandFormat() {}

    /** What goes with a command as its key: of which topic its offsets are, by Kafka's id. */
    static byte @Nullable [] topic(@Nullable Uuid id) {
        return id == null
                ? null
                : ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array();
    }

    /**
     * The same from a command's key; null where it does not say so.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static @Nullable Uuid topic(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        if (key.length != 2 * Long.BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes is no topic's id");
        }
        ByteBuffer bits = ByteBuffer.wrap(key);
        return new Uuid(bits.getLong(), bits.getLong());
    }

    public static byte[] write(Command command) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            Command.@Nullable Edit edit = command.edit();
            out.writeByte(edit == null ? VERSION : VERSION_OF_EDIT);
            out.writeUTF(command.kind().name());
            out.writeUTF(command.id());
            out.writeUTF(command.actor());
            @Nullable String reason = command.reason();
            out.writeBoolean(reason != null);
            if (reason != null) {
                out.writeUTF(reason);
            }
            out.writeByte(command.expected().size());
            for (LetterState state : command.expected()) {
                out.writeUTF(state.name());
            }
            out.writeInt(command.offsets().size());
            for (long offset : command.offsets()) {
                out.writeLong(offset);
            }
            if (edit != null) {
                write(out, edit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no stream of memory fails", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Command.Edit edit) throws IOException {
        out.writeInt(edit.edits());
        out.writeLong(edit.timestamp());
        write(out, edit.key());
        write(out, edit.value());
        out.writeInt(edit.headers().size());
        for (Header header : edit.headers()) {
            write(out, header.key().getBytes(UTF_8));
            write(out, header.value());
        }
        @Nullable String message = edit.message();
        write(out, message == null ? null : message.getBytes(UTF_8));
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? NULL : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    /** @throws IllegalArgumentException where it is none, or of a later version */
    public static Command read(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new IllegalArgumentException("a record without a value is no command");
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION && version != VERSION_OF_EDIT) {
                throw new IOException("version " + version + ", and " + VERSION_OF_EDIT + " is known");
            }
            return new Command(
                    Command.Kind.valueOf(in.readUTF()),
                    in.readUTF(),
                    in.readUTF(),
                    in.readBoolean() ? in.readUTF() : null,
                    readStates(in),
                    readOffsets(in),
                    version == VERSION_OF_EDIT ? readEdit(in) : null);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a command of " + bytes.length + " bytes cannot be read: " + e.getMessage(), e);
        }
    }

    private static Command.Edit readEdit(DataInputStream in) throws IOException {
        int edits = in.readInt();
        long timestamp = in.readLong();
        byte @Nullable [] key = readBytes(in);
        byte @Nullable [] value = readBytes(in);
        var headers = new ArrayList<Header>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            byte @Nullable [] name = readBytes(in);
            if (name == null) {
                throw new IOException("a header without a name");
            }
            headers.add(new RecordHeader(new String(name, UTF_8), readBytes(in)));
        }
        byte @Nullable [] message = readBytes(in);
        return new Command.Edit(
                edits, timestamp, key, value, headers, message == null ? null : new String(message, UTF_8));
    }

    private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == NULL) {
            return null;
        }
        if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length + " with " + in.available() + " byte(s) left");
        }
        return in.readNBytes(length);
    }

    private static Set<LetterState> readStates(DataInputStream in) throws IOException {
        var states = new HashSet<LetterState>();
        int count = in.readByte();
        for (int i = 0; i < count; i++) {
            states.add(LetterState.valueOf(in.readUTF()));
        }
        return states;
    }

    private static List<Long> readOffsets(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available() / Long.BYTES) {
            throw new IOException(count + " letters in " + in.available() + " bytes");
        }
        var offsets = new ArrayList<Long>(count);
        for (int i = 0; i < count; i++) {
            offsets.add(in.readLong());
        }
        return offsets;
    }
}
