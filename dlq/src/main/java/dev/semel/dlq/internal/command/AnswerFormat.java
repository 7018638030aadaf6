package dev.semel.dlq.internal.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The bytes of an {@link Answer}: a version, then its components in their order. What it says of letters is cut where it is much. */
public final class AnswerFormat {

    /** More of them an answer does not have, so that any topic takes it that was not told to take but little. */
    public static final int MAX_BYTES = 512 * 1024;

    private static final int VERSION = 1;

    /** Of one with letters that are lost: earlier releases pass over that alone. */
    private static final int VERSION_OF_LOST = 2;

    private static final String CUT = "...";

    private AnswerFormat() {}

    public static byte[] write(Answer answer) {
        byte[] bytes = write(answer, Command.MAX_TEXT);
        for (int most = Command.MAX_TEXT / 2; bytes.length > MAX_BYTES && most > 0; most /= 2) {
            bytes = write(answer, most);
        }
        return bytes;
    }

    /** @param most characters of a reason */
    private static byte[] write(Answer answer, int most) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(answer.lost().isEmpty() ? VERSION : VERSION_OF_LOST);
            out.writeUTF(answer.commandId());
            out.writeUTF(answer.topic());
            out.writeInt(answer.partition());
            out.writeInt(answer.read());
            out.writeInt(answer.applied());
            out.writeInt(answer.duplicate());
            write(out, answer.failedAgain(), most);
            write(out, answer.skipped(), most);
            if (!answer.lost().isEmpty()) {
                out.writeInt(answer.lost().size());
                for (String id : answer.lost()) {
                    out.writeUTF(id);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no stream of memory fails", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Map<String, String> reasons, int most) throws IOException {
        out.writeInt(reasons.size());
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            out.writeUTF(reason.getKey());
            String why = reason.getValue();
            out.writeUTF(why.length() <= most ? why : why.substring(0, most) + CUT);
        }
    }

    /** @throws IllegalArgumentException where it is none, or of a later version */
    public static Answer read(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new IllegalArgumentException("a record without a value is no answer");
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION && version != VERSION_OF_LOST) {
                throw new IOException("version " + version + ", and " + VERSION_OF_LOST + " is known");
            }
            return new Answer(
                    in.readUTF(),
                    in.readUTF(),
                    in.readInt(),
                    in.readInt(),
                    in.readInt(),
                    in.readInt(),
                    readReasons(in),
                    readReasons(in),
                    version == VERSION_OF_LOST ? readIds(in) : Set.of());
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "an answer of " + bytes.length + " bytes cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> readReasons(DataInputStream in) throws IOException {
        var reasons = new TreeMap<String, String>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            reasons.put(in.readUTF(), in.readUTF());
        }
        return reasons;
    }

    private static Set<String> readIds(DataInputStream in) throws IOException {
        var ids = new HashSet<String>();
        for (int left = in.readInt(); left > 0; left--) {
            ids.add(in.readUTF());
        }
        return ids;
    }
}
