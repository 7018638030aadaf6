package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tasks on both sides of a repartitioning find when they begin again, in whatever order they do. */
class RekeyRestartTest {

    @Test
    @DisplayName("what a marker has moved is in the store when its turn is over")
    void aMarkerIsStored() {
        var rekey = new RestartableRekey(1, 1);
        rekey.deliver(rekey.send(0, "k", 5));
        rekey.deliver(rekey.send(0, "k", 30));
        rekey.deliver(rekey.tick(0));
        var behind = rekey.behind.get(0);
        assertThat(behind.results()).containsExactly("k@0=1");
        assertThat(behind.stored().watermark()).isEqualTo(30);
        assertThat(behind.stored().openEnds()).containsExactly(40L);
    }

    @Test
    @DisplayName("a task behind that is taken back hears the same markers again, and does the same again")
    void takenBackBehind() {
        var rekey = new RestartableRekey(1, 1);
        rekey.deliver(rekey.send(0, "k", 5));
        var behind = rekey.behind.get(0);
        var then = behind.snapshot();
        var lost = new ArrayList<>(rekey.send(0, "k", 30));
        lost.addAll(rekey.tick(0));
        rekey.deliver(lost);
        assertThat(behind.results()).containsExactly("k@0=1");
        behind.startAgain(then);
        rekey.deliver(lost);
        assertThat(behind.results()).containsExactly("k@0=1");
    }

    @Test
    @DisplayName("a task before that begins again knows how far it was, and says so before its first record")
    void aTaskBeforeBeginsAgain() {
        var rekey = new RestartableRekey(1, 1);
        rekey.deliver(rekey.send(0, "k", 5));
        rekey.deliver(rekey.send(0, "k", 30));
        rekey.restartBefore(0);
        rekey.deliver(rekey.send(0, "k", 6));
        var behind = rekey.behind.get(0);
        assertThat(behind.context.forwarded("late")).hasSize(1);
        assertThat(behind.results()).containsExactly("k@0=1");
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "2, 3", "5, 3"})
    @DisplayName("each partition before is waited for, whoever comes first, however many there are behind")
    void allBeforeAreWaitedFor(int behind, int said) {
        var rekey = new RestartableRekey(3, behind, said);
        rekey.deliver(rekey.send(0, "k", 5));
        rekey.deliver(rekey.send(0, "k", 30));
        rekey.deliver(rekey.tick(0));
        rekey.deliver(rekey.send(1, "k", 30));
        rekey.deliver(rekey.tick(1));
        assertThat(results(rekey)).isEmpty();
        rekey.deliver(rekey.send(2, "k", 8));
        rekey.deliver(rekey.send(2, "k", 10));
        rekey.deliver(rekey.tick(2));
        assertThat(results(rekey)).containsExactly("k@0=2");
    }

    @Test
    @DisplayName("a partition before that is not one of those expected ends the task, and says what to do")
    void morePartitionsThanExpected() {
        var rekey = new RestartableRekey(2, 1);
        assertThatThrownBy(() -> rekey.deliver(rekey.send(1, "k", 5)))
                .isInstanceOf(StreamsException.class)
                .hasMessageContaining("partitionsBefore");
    }

    /** A handler that goes on would commit it without its marks. */
    @Test
    @DisplayName(
            "a record that breaks off when it has gone out ends the task before, by an error that no handler passes over")
    void brokenOffBefore() {
        var windows = EventTimeWindows.of(
                new StreamsBuilder().stream("events", Consumed.with(Serdes.String(), Serdes.String())),
                Grouped.with("w", Serdes.String(), Serdes.String()));
        var settings = Rekeys.settings(windows.tumbling(Duration.ofMillis(10)), (key, value) -> value, 1);
        var context = new MockProcessorContext<Object, String>();
        var store = RestartableTask.store("w-rekey-control");
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(withoutRoom(store));
        context.setCurrentSystemTimeMs(RestartableTask.NOW);
        var processor = new RekeySupplier<>(settings).get();
        processor.init(context);
        context.setRecordMetadata("events", 0, 0);
        assertThatThrownBy(() -> processor.process(new Record<>("old", "k", 5, new RecordHeaders())))
                .isInstanceOf(Error.class)
                .hasMessageContaining("w-rekey broke off")
                .hasStackTraceContaining("no space");
        assertThat(context.forwarded()).as("a marker and the record").hasSize(2);
        processor.close();
    }

    private static StateStore withoutRoom(StateStore store) {
        return (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(), new Class<?>[] {KeyValueStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("put")) {
                        throw new ProcessorStateException("no space");
                    }
                    return method.invoke(store, arguments);
                });
    }

    private static List<String> results(RestartableRekey rekey) {
        return rekey.behind.stream().flatMap(task -> task.results().stream()).toList();
    }

    /** Without late records: a task that begins again says how far it is once more, and so sooner. */
    @Test
    @DisplayName("tasks that begin again at any point, on either side, change nothing")
    void beginsAgainAtAnyPoint() {
        var random = new Random(12);
        var rekey = new RestartableRekey(2, 2);
        var expected = new TreeMap<String, Integer>();
        var results = new ArrayList<String>();
        long[] clocks = new long[2];
        for (int i = 0; i < 1_500; i++) {
            int partition = random.nextInt(2);
            clocks[partition] += random.nextInt(3);
            String key = String.valueOf((char) ('a' + random.nextInt(6)));
            expected.merge(key + "@" + clocks[partition] / 10 * 10, 1, Integer::sum);
            rekey.deliver(rekey.send(partition, key, clocks[partition]));
            if (random.nextInt(10) == 0) {
                rekey.deliver(rekey.tick(random.nextInt(2)));
            }
            results.addAll(results(rekey));
            if (random.nextInt(20) == 0) {
                rekey.restartBefore(random.nextInt(2));
            }
            if (random.nextInt(20) == 0) {
                rekey.behind.get(random.nextInt(2)).start();
            }
        }
        for (int partition = 0; partition < 2; partition++) {
            rekey.deliver(rekey.send(partition, "z", 1_000_000));
            rekey.deliver(rekey.tick(partition));
        }
        results.addAll(results(rekey));
        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(expected.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }
}
