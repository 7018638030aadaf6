package dev.semel.examples.telemetry.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.examples.telemetry.application.JsonSerde;
import dev.semel.examples.telemetry.application.Names;
import dev.semel.examples.telemetry.application.OpenWindows;
import dev.semel.examples.telemetry.application.Reason;
import dev.semel.examples.telemetry.application.Summary;
import dev.semel.windowing.WindowHeaders;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;

/** Counts what is in the topics. For one thread at a time. */
final class Ledger {

    private static final int MOST_FAULTS = 20;

    private final Names names;
    private final Deserializer<Windowed<String>> keys;
    private final Deserializer<Summary> summaries = JsonSerde.of(Summary.class).deserializer();
    private final Map<Reason, Long> rejected = new EnumMap<>(Reason.class);
    private final NavigableMap<Long, WindowRow> windows = new TreeMap<>();
    private final Set<Windowed<String>> results = new HashSet<>();
    private final List<String> faults = new ArrayList<>();
    private long lines;
    private long heartbeats;
    private long late;

    /** Which lines are in the late topic or in the rejected one, by their numbers. */
    private final BitSet setAside = new BitSet();

    Ledger(Names names, long windowMillis) {
        this.names = names;
        this.keys =
                WindowedSerdes.timeWindowedSerdeFrom(String.class, windowMillis).deserializer();
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(names.lines())) {
            if (record.headers().lastHeader(Names.HEARTBEAT) == null) {
                lines++;
            } else {
                heartbeats++;
            }
        } else if (record.topic().equals(names.results())) {
            result(record);
        } else if (record.topic().equals(names.late())) {
            late++;
            once(record);
            String window = header(record, WindowHeaders.LATE_WINDOW);
            row(Long.parseLong(window.substring(1, window.indexOf(','))), WindowRow::plusLate);
        } else if (record.topic().equals(names.rejected())) {
            once(record);
            rejected.merge(Reason.valueOf(header(record, Names.REASON)), 1L, Long::sum);
        }
    }

    private void result(ConsumerRecord<byte[], byte[]> record) {
        Windowed<String> key = keys.deserialize(record.topic(), record.key());
        if (!results.add(key)) {
            fault("key " + key.key() + " has a second result of the window that begins at "
                    + key.window().startTime());
        }
        row(key.window().start(), row -> row.plusResult(summaries.deserialize(record.topic(), record.value())));
    }

    /** Sums would not tell of a line that is there twice while another is lost. A record of somebody else has no number. */
    private void once(ConsumerRecord<byte[], byte[]> record) {
        if (record.headers().lastHeader(Names.LINE) == null) {
            return;
        }
        int line = Integer.parseInt(header(record, Names.LINE));
        if (setAside.get(line)) {
            fault("line " + line + " is late or rejected a second time: in " + record.topic() + " at offset "
                    + record.offset());
        }
        setAside.set(line);
    }

    private void fault(String fault) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(fault);
        }
    }

    private void row(long start, UnaryOperator<WindowRow> change) {
        windows.merge(start, change.apply(WindowRow.NONE), (row, none) -> change.apply(row));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null) {
            throw new IllegalStateException("a record of " + record.topic() + " at offset " + record.offset()
                    + " has no header '" + name + "'");
        }
        return new String(header.value(), UTF_8);
    }

    /** What there is by now, with what is in open windows. */
    Books books(OpenWindows open) {
        var all = new TreeMap<>(windows);
        open.readings()
                .forEach((start, count) ->
                        all.merge(start, WindowRow.NONE.plusOpen(count), (row, none) -> row.plusOpen(count)));
        return new Books(lines, heartbeats, late, Map.copyOf(rejected), all, List.copyOf(faults));
    }
}
