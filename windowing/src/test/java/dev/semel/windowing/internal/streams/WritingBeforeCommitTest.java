package dev.semel.windowing.internal.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.state.WindowEntry;
import java.util.HashSet;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When accumulators on the heap come to the store. The signal's store is without a cache: a settled signal is a commit. */
class WritingBeforeCommitTest {

    private static final long END = 60_000;
    private static final Serde<StringBuilder> TEXT = Serdes.serdeFrom(
            (topic, text) -> text.toString().getBytes(UTF_8),
            (topic, stored) -> new StringBuilder(new String(stored, UTF_8)));

    private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    private final KeyValueStore<Bytes, byte[]> bytes =
            Stores.inMemoryKeyValueStore("windows").get();
    private final CommitStore commitStore = new CommitStore("commits");
    private CommitSignal commits = CommitSignal.none();

    @BeforeEach
    void open() {
        bytes.init(context.getStateStoreContext(), bytes);
        commitStore.init(context.getStateStoreContext(), commitStore);
        commits = CommitSignal.of(commitStore);
    }

    @AfterEach
    void close() {
        bytes.close();
        commitStore.close();
    }

    private StreamsWindowStore<String, StringBuilder> store() {
        return new StreamsWindowStore<>(
                StateBytes.of(bytes, commits),
                new StoreKeys<>(Serdes.String(), "windows"),
                new EntryFormat<>(TEXT, "windows"),
                1 << 20,
                new HashSet<>());
    }

    private static void add(StreamsWindowStore<String, StringBuilder> store, String text) {
        WindowEntry<StringBuilder> entry = store.get(END, "a");
        if (entry == null) {
            store.put(END, "a", new WindowEntry<>(new StringBuilder(text), 1));
        } else {
            entry.contribute(entry.accumulator().append(text), 1);
            store.put(END, "a", entry);
        }
    }

    private static StringBuilder accumulator(StreamsWindowStore<String, StringBuilder> store) {
        WindowEntry<StringBuilder> entry = store.get(END, "a");
        return entry == null ? new StringBuilder("none") : entry.accumulator();
    }

    private int stored() {
        int entries = 0;
        try (KeyValueIterator<Bytes, byte[]> all = bytes.all()) {
            for (; all.hasNext(); all.next()) {
                entries++;
            }
        }
        return entries;
    }

    @Test
    @DisplayName("what has changed is in the store when the commit ends, and not before")
    void writtenByTheCommit() {
        StreamsWindowStore<String, StringBuilder> store = store();
        add(store, "1");
        add(store, "2");
        assertThat(stored()).isZero();
        commits.settle();
        assertThat(stored()).isEqualTo(1);

        commits = CommitSignal.of(commitStore);
        StreamsWindowStore<String, StringBuilder> restored = new StreamsWindowStore<>(
                StateBytes.of(bytes, commits),
                new StoreKeys<>(Serdes.String(), "windows"),
                new EntryFormat<>(TEXT, "windows"),
                1 << 20,
                new HashSet<>(List.of(END)));
        assertThat(accumulator(restored)).hasToString("12");
    }

    @Test
    @DisplayName(
            "an accumulator that a fold has left half changed is as it was before, though no commit has been since")
    void halfChanged() {
        StreamsWindowStore<String, StringBuilder> store = store();
        add(store, "1");
        commits.settle();
        add(store, "2");

        accumulator(store).append("half");
        store.reread(END, "a");
        assertThat(accumulator(store)).hasToString("12");

        add(store, "3");
        commits.settle();
        store.reread(END, "a");
        assertThat(accumulator(store)).hasToString("123");
    }

    @Test
    @DisplayName("a window that opens and closes between two commits leaves nothing in the store")
    void betweenCommits() {
        StreamsWindowStore<String, StringBuilder> store = store();
        add(store, "1");
        assertThat(store.drain(END, 10, (key, entry) -> {})).isTrue();
        commits.settle();
        assertThat(stored()).isZero();
    }

    @Test
    @DisplayName("a processor that has been closed writes nothing any more")
    void closed() {
        StreamsWindowStore<String, StringBuilder> store = store();
        add(store, "1");
        commits.close();
        commits.settle();
        assertThat(stored()).isZero();
    }
}
