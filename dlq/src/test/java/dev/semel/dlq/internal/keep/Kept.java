package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.dlq.LetterState;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What is kept of one partition, as tests put it there. */
final class Kept {

    static final TopicPartition SOURCE = new TopicPartition("orders", 0);
    static final Store STORE = new Store("group", SOURCE, new TopicPartition("store", 0));
    static final Sequence KEY = new Sequence(7, 7);
    static final Sequence ANOTHER = new Sequence(8, 8);

    /** Keeps next to no bytes, and has letters redrive themselves. */
    static final KeptSettings SETTINGS = new KeptSettings(
            Map.of(),
            null,
            false,
            1000,
            Duration.ofDays(1),
            5,
            100,
            false,
            1,
            0.8,
            Map.of("handler_exception", new KeptSettings.Automatic(Duration.ofMillis(10), 2, 9)),
            null);

    static final Fault FAULT = new Fault("handler_exception", "print", "an.Exception");

    final Table table = new Table(true);
    final Redrives redrives = new Redrives(table, new Allowance(10));

    Entry add(long offset, Sequence sequence, KeptState state) {
        var entry = new Entry(offset, sequence, state.blocks());
        entry.isNow(state);
        entry.isAt(offset, 1);
        table.add(entry);
        return entry;
    }

    static KeptState letter() {
        return KeptState.begin(LetterState.OPEN, true, KEY, 1).failed(FAULT, 1, false);
    }

    static KeptState waiting() {
        return KeptState.begin(LetterState.WAITING, true, KEY, 1);
    }

    static KeptState deferred(long dueMillis) {
        return KeptState.begin(LetterState.DEFERRED, true, KEY, 1).deferred(FAULT, 1, dueMillis);
    }

    static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>("orders", 0, offset, "k".getBytes(UTF_8), new byte[1000]);
    }
}
