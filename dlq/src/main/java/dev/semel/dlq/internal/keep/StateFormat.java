package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link KeptState}: a version, then its components in their order; texts in modified UTF-8 behind a byte that says
 * whether there is one. States are written by name, so that a later version may have more of them. That of an edited letter has
 * version 2, and says behind all that how it was edited; others stay readable for releases that know of no edits.
 */
final class StateFormat {

    private static final int VERSION = 1;
    private static final int VERSION_OF_EDITED = 2;

    private StateFormat() {}

    static byte[] write(KeptState state) {
        var bytes = new ByteArrayOutputStream(160);
        try (var out = new DataOutputStream(bytes)) {
            KeptState.@Nullable Edited edited = state.edited();
            out.writeByte(edited == null ? VERSION : VERSION_OF_EDITED);
            out.writeUTF(state.state().name());
            out.writeUTF(state.from().name());
            out.writeBoolean(state.isLetter());
            out.writeBoolean(state.hasRecord());
            @Nullable Sequence ofKey = state.ofKey();
            out.writeBoolean(ofKey != null);
            if (ofKey != null) {
                out.writeLong(ofKey.high());
                out.writeLong(ofKey.low());
            }
            out.writeInt(state.starts());
            out.writeInt(state.attempts());
            out.writeInt(state.sameFault());
            out.writeInt(state.deferrals());
            out.writeLong(state.dueMillis());
            out.writeLong(state.failedFirstMillis());
            out.writeLong(state.publishedMillis());
            out.writeLong(state.changedMillis());
            @Nullable Fault fault = state.fault();
            out.writeBoolean(fault != null);
            if (fault != null) {
                out.writeUTF(fault.failureClass());
                out.writeUTF(fault.fingerprint());
                out.writeUTF(fault.exception());
            }
            write(out, state.actor());
            write(out, state.reason());
            write(out, state.commandId());
            if (edited != null) {
                out.writeInt(edited.times());
                out.writeUTF(edited.actor());
                out.writeUTF(edited.reason());
                out.writeUTF(edited.commandId());
                out.writeLong(edited.atMillis());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no stream of memory fails", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    static KeptState read(byte[] bytes) throws Unreadable {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION && version != VERSION_OF_EDITED) {
                throw new IOException("version " + version + ", and " + VERSION_OF_EDITED + " is known");
            }
            LetterState state = LetterState.valueOf(in.readUTF());
            LetterState from = LetterState.valueOf(in.readUTF());
            boolean isLetter = in.readBoolean();
            boolean hasRecord = in.readBoolean();
            @Nullable Sequence ofKey = in.readBoolean() ? new Sequence(in.readLong(), in.readLong()) : null;
            var read = new KeptState(
                    state,
                    from,
                    isLetter,
                    hasRecord,
                    ofKey,
                    in.readInt(),
                    in.readInt(),
                    in.readInt(),
                    in.readInt(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readBoolean() ? new Fault(in.readUTF(), in.readUTF(), in.readUTF()) : null,
                    readText(in),
                    readText(in),
                    readText(in),
                    version == VERSION_OF_EDITED ? readEdited(in) : null);
            if (in.available() > 0) {
                throw new IOException(in.available() + " byte(s) too many");
            }
            return read;
        } catch (IOException | IllegalArgumentException e) {
            throw new Unreadable("a state of " + bytes.length + " bytes cannot be read: " + e.getMessage(), e);
        }
    }

    private static KeptState.Edited readEdited(DataInputStream in) throws IOException {
        return new KeptState.Edited(in.readInt(), in.readUTF(), in.readUTF(), in.readUTF(), in.readLong());
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }
}
