package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.Materialized;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a task finds in its stores when it begins again. Crashes of whole processes are in {@link WindowsCrashIT}. */
class StreamsRestartTest {

    private static WindowProcessorSupplier<String, String, Long> counting(
            UnaryOperator<EventTimeProcessor<String, String>> settings) {
        return settings.apply(EventTimeProcessor.<String, String>named("w", Serdes.String())
                        .tumbling(Duration.ofMillis(10))
                        .sources(SourceExtractor.header(WindowsDriver.SOURCE)))
                .count();
    }

    @Test
    @DisplayName("case 34: after a restart nobody is idle before the whole time is over")
    void nobodyIsIdleAtOnce() {
        try (var task = new RestartableTask<>(counting(windows -> windows.declare("a", "silent")
                .lag(InputLag.none())
                .watermarks(
                        WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO).withIdleness(Duration.ofSeconds(3)))))) {
            task.start();
            task.send("a", "k", 5);
            task.passes(1_000);
            task.passes(1_000);
            task.restart();
            for (int second = 0; second < 2; second++) {
                task.send("a", "k", 50);
                task.passes(1_000);
                assertThat(task.forwarded("results")).isEmpty();
            }
            task.send("a", "k", 50);
            task.passes(1_000);
            task.send("a", "k", 50);
            assertThat(task.forwarded("results")).containsExactly("[0, 10)=1");
        }
    }

    @Test
    @DisplayName("case 42: what a tick has closed stays closed, if nothing comes between it and the restart")
    void whatATickHasClosedStaysClosed() {
        try (var task = new RestartableTask<>(counting(windows -> windows.declare("a", "silent")
                .lag(InputLag.none())
                .watermarks(
                        WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO).withIdleness(Duration.ofSeconds(3)))))) {
            task.start();
            task.send("a", "k", 5);
            task.send("a", "k", 50);
            for (int second = 0; second < 2; second++) {
                task.passes(1_000);
                task.send("a", "k", 50);
            }
            task.passes(1_000);
            assertThat(task.forwarded("results")).containsExactly("[0, 10)=1");
            task.restart();
            task.send("a", "k", 6);
            assertThat(task.forwarded("late")).containsExactly("6");
        }
    }

    @Test
    @DisplayName("cases 39 and 42: what was late before a restart is late after it, and a closed window stays closed")
    void lateStaysLate() {
        try (var task = new RestartableTask<>(counting(windows -> windows))) {
            task.start();
            task.send("a", "k", 5);
            task.send("a", "k", 10);
            assertThat(task.forwarded("results")).containsExactly("[0, 10)=1");
            task.restart();
            task.send("a", "k", 9);
            assertThat(task.forwarded("late")).containsExactly("9");
            task.send("a", "k", 20);
            assertThat(task.forwarded("results")).containsExactly("[10, 20)=1");
        }
    }

    @Test
    @DisplayName("case 40: state that is taken back is taken back whole, also by a processor that is initialised again")
    void takenBack() {
        try (var task = new RestartableTask<>(counting(windows -> windows))) {
            task.start();
            task.send("a", "k", 5);
            var windows = RestartableTask.content(task.windows);
            var control = RestartableTask.content(task.control);
            task.send("a", "k", 6);
            task.send("a", "k", 100);
            task.startAgain(windows, control);
            task.send("a", "k", 7);
            task.send("a", "k", 10);
            assertThat(task.forwarded("results")).containsExactly("[0, 10)=2");
            assertThat(task.forwarded("late")).isEmpty();
        }
    }

    @Test
    @DisplayName("case 43: another size or offset refuses the state, and says which it is of")
    void anotherSize() {
        try (var task = new RestartableTask<>(counting(windows -> windows))) {
            task.start();
            task.send("a", "k", 5);
            for (UnaryOperator<EventTimeProcessor<String, String>> change :
                    java.util.List.<UnaryOperator<EventTimeProcessor<String, String>>>of(
                            windows -> windows.tumbling(Duration.ofMillis(20)),
                            windows -> windows.offset(Duration.ofMillis(3)))) {
                try (var other = new RestartableTask<>(counting(change))) {
                    assertThatThrownBy(() -> other.start()
                                    .startAgain(
                                            RestartableTask.content(task.windows),
                                            RestartableTask.content(task.control)))
                            .isInstanceOf(IncompatibleStateException.class)
                            .hasMessageContaining("another name");
                }
            }
        }
    }

    /** What Kafka Streams does with a store that is called otherwise: it begins with nothing. */
    @Test
    @DisplayName("a store of windows that has lost what is open is refused, and one of which nothing was open is not")
    void aStoreThatWasRenamed() {
        for (var supplier : java.util.List.of(
                counting(windows -> windows),
                EventTimeProcessor.<String, String>named("w", Serdes.String())
                        .sessions(Duration.ofMillis(10))
                        .count())) {
            try (var task = new RestartableTask<>(supplier)) {
                task.start();
                var nothing = java.util.Map.<org.apache.kafka.common.utils.Bytes, byte[]>of();
                task.startAgain(nothing, RestartableTask.content(task.control));
                task.send("a", "k", 5);
                assertThatThrownBy(() -> task.startAgain(nothing, RestartableTask.content(task.control)))
                        .isInstanceOf(IncompatibleStateException.class)
                        .hasMessageContaining("give it back its name");
            }
        }
    }

    @Test
    @DisplayName("a restart at any point, with little room on the heap, changes nothing")
    void restartsAtAnyPoint() {
        var random = new Random(11);
        try (var task = new RestartableTask<>(
                        counting(windows -> windows.heap(1_500).resultsPerCall(3)));
                var undisturbed = new RestartableTask<>(counting(windows -> windows.resultsPerCall(3)))) {
            task.start();
            undisturbed.start();
            long clock = 0;
            for (int i = 0; i < 1_500; i++) {
                clock += random.nextInt(3);
                long timestamp = Math.max(0, clock - random.nextInt(12));
                String key = "k" + random.nextInt(9);
                task.send("a", key, timestamp);
                undisturbed.send("a", key, timestamp);
                assertThat(task.forwarded("results")).isEqualTo(undisturbed.forwarded("results"));
                if (random.nextInt(20) == 0) {
                    task.restart();
                }
            }
            assertThat(RestartableTask.content(task.windows).keySet())
                    .isEqualTo(RestartableTask.content(undisturbed.windows).keySet());
        }
    }

    /** Arrays are equal to nothing but themselves. */
    @Test
    @DisplayName("keys are the same where their bytes are, whatever their class says")
    void keysWithoutEquals() {
        WindowProcessorSupplier<byte[], String, Long> supplier = EventTimeProcessor.<byte[], String>named(
                        "w", Serdes.ByteArray())
                .tumbling(Duration.ofMillis(10))
                .count();
        try (var task = new RestartableTask<>(supplier)) {
            task.start();
            task.send("a", new byte[] {1, 2}, 5);
            task.send("a", new byte[] {1, 2}, 6);
            task.send("a", new byte[] {1, 2}, 10);
            assertThat(task.forwarded("results")).containsExactly("[0, 10)=2");
        }
    }

    /** An accumulator that is changed in place and then fails is read again from the store. */
    @Test
    @DisplayName("a half changed accumulator is not kept")
    void aHalfChangedAccumulator() {
        Serde<StringBuilder> serde = Serdes.serdeFrom(
                (topic, text) -> text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                (topic, bytes) -> new StringBuilder(new String(bytes, java.nio.charset.StandardCharsets.UTF_8)));
        WindowProcessorSupplier<String, String, StringBuilder> supplier = EventTimeProcessor.<String, String>named(
                        "w", Serdes.String())
                .tumbling(Duration.ofMillis(10))
                .aggregate(
                        StringBuilder::new,
                        (key, value, all) -> {
                            all.append(value).append(';');
                            if (value.equals("7")) {
                                throw new IllegalArgumentException("seven");
                            }
                            return all;
                        },
                        Materialized.with(Serdes.String(), serde));
        try (var task = new RestartableTask<>(supplier)) {
            task.start();
            task.send("a", "k", 5);
            assertThatThrownBy(() -> task.send("a", "k", 7)).hasRootCauseMessage("seven");
            task.send("a", "k", 8);
            task.send("a", "k", 10);
            assertThat(task.forwarded("results")).containsExactly("[0, 10)=5;8;");
        }
    }

    /** It is not to be passed over: the record would be half in. */
    @Test
    @DisplayName("a serde that throws on stored state ends the task, by an error that no handler passes over")
    void aSerdeThatThrows() {
        boolean[] isBroken = {false};
        Serde<String> serde = Serdes.serdeFrom(Serdes.String().serializer(), (topic, bytes) -> {
            if (isBroken[0]) {
                throw new SerializationException("schema 17 is unknown");
            }
            return Serdes.String().deserializer().deserialize(topic, bytes);
        });
        WindowProcessorSupplier<String, String, String> supplier = EventTimeProcessor.<String, String>named(
                        "w", Serdes.String())
                .tumbling(Duration.ofMillis(10))
                .aggregate(() -> "", (key, value, all) -> all + value, Materialized.with(Serdes.String(), serde));
        try (var task = new RestartableTask<>(supplier)) {
            task.start();
            task.send("a", "k", 5);
            isBroken[0] = true;
            task.restart();
            assertThatThrownBy(() -> task.send("a", "k", 7))
                    .isInstanceOf(Error.class)
                    .hasMessageContaining("w broke off")
                    .hasMessageContaining("schema 17 is unknown");
        }
    }
}
