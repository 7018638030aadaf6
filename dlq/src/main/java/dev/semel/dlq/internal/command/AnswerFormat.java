package dev.semel.dlq.internal.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The bytes of an {@link Answer}: a version, then its components in their order. */
public final class AnswerFormat {

    private static final int VERSION = 1;

    private AnswerFormat() {}

    public static byte[] write(Answer answer) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(answer.commandId());
            out.writeUTF(answer.topic());
            out.writeInt(answer.partition());
            out.writeInt(answer.read());
            out.writeInt(answer.applied());
            out.writeInt(answer.duplicate());
            write(out, answer.failedAgain());
            write(out, answer.skipped());
        } catch (IOException e) {
            throw new UncheckedIOException("no stream of memory fails", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Map<String, String> reasons) throws IOException {
        out.writeInt(reasons.size());
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            out.writeUTF(reason.getKey());
            out.writeUTF(reason.getValue());
        }
    }

    /** @throws IllegalArgumentException where it is none, or of a later version */
    public static Answer read(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("version " + version + ", and " + VERSION + " is known");
            }
            return new Answer(
                    in.readUTF(),
                    in.readUTF(),
                    in.readInt(),
                    in.readInt(),
                    in.readInt(),
                    in.readInt(),
                    readReasons(in),
                    readReasons(in));
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
}
