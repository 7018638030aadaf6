package dev.semel.windowing.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.state.ControlEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** What is written back is never missed, whether the heap has room for it or not. */
class StreamsWindowStoreTest {

    private static final long END = 10;
    private static final long ROOM = 1 << 20;
    private static final long NO_ROOM = 1;

    private final Told store = new Told();

    /** A store that is written back, with the commits in the test's hand. */
    private static final class Told {

        private final KeyValueStore<Bytes, byte[]> bytes = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("told"), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        private final CommitStore commits = new CommitStore("commits");
        private CommitSignal signal = CommitSignal.none();

        Told() {
            bytes.init(new MockProcessorContext<>().getStateStoreContext(), bytes);
        }

        KeyValueStore<Bytes, byte[]> bytes() {
            return bytes;
        }

        /** As a task has it that begins. */
        StateBytes begin() {
            signal = CommitSignal.of(commits);
            return StateBytes.of(bytes, signal);
        }

        void commit() {
            signal.settle();
        }
    }

    private StreamsWindowStore<String, Long> windows(long room, Set<Long> restored) {
        return new StreamsWindowStore<>(
                store.begin(),
                new StoreKeys<>(Serdes.String(), "topic"),
                new EntryFormat<>(Serdes.Long(), "topic"),
                room,
                new HashSet<>(restored));
    }

    private static void add(StreamsWindowStore<String, Long> windows, String key, long count) {
        windows.add(END, key, windows.entry(key, count, 1));
    }

    private static List<String> drained(StreamsWindowStore<String, Long> windows) {
        var drained = new ArrayList<String>();
        assertThat(windows.drain(END, 100, (key, entry) -> drained.add(key + "=" + entry.accumulator())))
                .isTrue();
        return drained;
    }

    @Test
    void whatHasChangedIsWrittenBeforeACommitAndNoSooner() {
        var windows = windows(ROOM, Set.of());
        add(windows, "a", 1);
        windows.settle();
        assertThat(store.bytes().approximateNumEntries()).isZero();
        store.commit();
        assertThat(drained(windows(ROOM, Set.of(END)))).containsExactly("a=1");
    }

    @Test
    void whatLeavesTheHeapIsWrittenFirst() {
        var windows = windows(NO_ROOM, Set.of());
        add(windows, "a", 1);
        windows.settle();
        assertThat(windows.get(END, "a")).isNotNull().extracting("accumulator").isEqualTo(1L);
    }

    @Test
    void whatIsClosedFromTheStoreHasWhatWasNotWrittenYet() {
        add(windows(ROOM, Set.of()), "a", 1);
        store.commit();
        var windows = windows(ROOM, Set.of(END));
        add(windows, "b", 2);
        assertThat(drained(windows)).containsExactly("a=1", "b=2");
        store.commit();
        assertThat(store.bytes().approximateNumEntries()).isZero();
    }

    @Test
    void controlStateIsWrittenBeforeACommitAndNoSooner() {
        var control = new StreamsControl(store.begin());
        control.put(new ControlEntry() {
            @Override
            public byte[] controlKey() {
                return new byte[] {'C'};
            }

            @Override
            public byte[] controlValue() {
                return new byte[] {7};
            }
        });
        control.settle();
        assertThat(control.stored()).isEmpty();
        store.commit();
        assertThat(control.stored()).hasSize(1);
    }
}
