package dev.semel.dlq.cli;

import dev.semel.dlq.LetterRevision;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** An edit as it is shown: what was before, and what is after. */
final class Revisions {

    private static final int MOST = 2_000;

    private Revisions() {}

    /** Only what differs, cut where it is long. */
    static void print(PrintStream out, LetterRevision revision) {
        byte @Nullable [] before = revision.before().value();
        byte @Nullable [] after = revision.after().value();
        out.println(Plain.text(
                "letter  " + revision.letter().id() + ", " + revision.letter().state()));
        out.println("key     " + Plain.line(Plain.bytes(revision.after().key(), MOST), MOST));
        if (Arrays.equals(before, after)) {
            out.println("value   as it was, " + size(after));
        } else {
            value(out, "before", before);
            value(out, "after", after);
        }
        List<Header> old = headers(revision.before());
        List<Header> now = headers(revision.after());
        old.stream().filter(header -> !now.contains(header)).forEach(header -> header(out, "-", header));
        now.stream().filter(header -> !old.contains(header)).forEach(header -> header(out, "+", header));
    }

    private static void value(PrintStream out, String when, byte @Nullable [] value) {
        String text = Plain.bytes(value, MOST);
        String cut = text.length() <= MOST
                ? text
                : text.substring(0, MOST)
                        + String.format(Locale.ROOT, "%n... %,d more characters", text.length() - MOST);
        out.println("value " + when + ", " + size(value));
        out.println(Plain.text(cut.indent(2).stripTrailing()));
    }

    private static String size(byte @Nullable [] value) {
        return value == null ? "null" : String.format(Locale.ROOT, "%,d bytes", value.length);
    }

    private static void header(PrintStream out, String sign, Header header) {
        out.println("header  " + sign + " " + Plain.line(header.key(), MOST) + ": "
                + Plain.line(Plain.bytes(header.value(), MOST), MOST));
    }

    private static List<Header> headers(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.asList(record.headers().toArray());
    }

    static Map<String, @Nullable Object> json(LetterRevision revision, boolean dryRun) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("id", revision.id());
        object.put("parentId", revision.letter().id());
        object.put("edited", !dryRun);
        object.put("keptBy", revision.keeper());
        object.put("before", record(revision.before()));
        object.put("after", record(revision.after()));
        return object;
    }

    private static Map<String, @Nullable Object> record(ConsumerRecord<byte[], byte[]> record) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("key", Json.bytes(record.key()));
        object.put("value", Json.bytes(record.value()));
        object.put("headers", headers(record).stream().map(Json::header).toList());
        return object;
    }
}
