package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.RandomWindows.Faults;
import dev.semel.windowing.RandomWindows.Faults.Step;
import dev.semel.windowing.RandomWindows.Topics;
import dev.semel.windowing.engine.Rejection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.awaitility.Awaitility;

/**
 * One run of random windows on a broker: the stream comes in parts, and in each of them something happens to the application that a seed
 * decides. The same deeds come in the same order again; no two runs have the same timing.
 */
final class RandomWindowsRun {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RandomWindows windows;
    private final TestKafka kafka;
    private final Path directory;
    private final String application;
    private final Topics topics;
    private final RandomStream stream;
    private final Random random;
    private final List<String> story = Collections.synchronizedList(new ArrayList<>());
    private Path state;
    private int states;
    private int crashes;

    /** What happens in a part of the stream. */
    enum Deed {
        /** A transaction is aborted when all of it is at the broker, and its offsets are not committed. */
        ABORT,
        /** The aggregate dies on a value. */
        FOLD,
        /** The topology fails on a result, in the middle of closing a window. */
        FORWARD,
        /** State cannot be written: in the middle of a record, or of what is written before the commit. */
        WRITE,
        /** A tick fails. */
        TICK,
        /** A process is killed. */
        KILL,
        /** It is closed as it should be. */
        CLOSE
    }

    /** What the uncaught exceptions of tests say. */
    private static final class Injected extends Error {

        private static final long serialVersionUID = 1;

        Injected(Object where) {
            super("injected: " + where);
        }
    }

    RandomWindowsRun(long seed, TestKafka kafka, Path directory) {
        this.windows = RandomWindows.of(seed);
        this.kafka = kafka;
        this.directory = directory;
        this.application = kafka.group("random");
        Map<String, String> forEver = Map.of("retention.ms", "-1");
        this.topics = new Topics(
                kafka.topic("in", windows.partitions(), forEver),
                kafka.topic("results", 1, forEver),
                kafka.topic("late", 1, forEver));
        this.stream = new RandomStream(windows, topics.in());
        this.random = new Random(~seed);
        this.state = nextState();
        story.add(windows.toString());
    }

    private Path nextState() {
        return directory.resolve("state " + states++);
    }

    static String metric(Rejection reason) {
        return "rejected-" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total";
    }

    /** Sends so many events in as many parts as there are deeds, and compares. */
    void run(int events, List<Deed> deeds) {
        for (Deed deed : deeds) {
            int part = events / deeds.size();
            stream.send(kafka, part / 2);
            long handled = committed();
            story.add(deed + " after " + handled + " of " + stream.sent());
            if (deed == Deed.KILL) {
                killed(handled + 1 + random.nextInt(part / 2), part - part / 2);
            } else {
                survived(deed, handled, part);
            }
            if (random.nextInt(3) == 0) {
                state = nextState();
                story.add("an empty state directory");
            }
        }
        finish();
    }

    String story() {
        return crashes + " crashes, " + String.join("; ", story);
    }

    private long committed() {
        return kafka.committedOffsets(application, topics.in()).values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    private void awaitCommitted(long records) {
        Awaitility.await()
                .dontCatchUncaughtExceptions() // Threads of the application fail, and are replaced.
                .atMost(PATIENCE)
                .until(() -> committed() >= records);
    }

    private void killed(long until, int more) {
        try (JavaProcess doomed = RandomWindowsApp.start(windows, kafka, application, topics, state)) {
            awaitCommitted(Math.min(until, stream.sent()));
            stream.send(kafka, more);
            doomed.kill();
            crashes++;
        }
    }

    /** An instance in this process, to which one thing happens, at a step that is counted down to. */
    private void survived(Deed deed, long handled, int part) {
        var countDown = new AtomicInteger(1 + random.nextInt(steps(deed, part)));
        var hasHappened = new AtomicBoolean();
        boolean isReplaced = random.nextBoolean();
        Faults faults = step -> {
            if (step.name().equals(deed.name()) && countDown.decrementAndGet() == 0) {
                hasHappened.set(true);
                if (step == Step.FOLD) {
                    throw new Injected(step);
                }
                throw new IllegalStateException("injected: " + step);
            }
        };
        long until = deed == Deed.CLOSE ? handled + random.nextInt(part) : stream.sent() + part - part / 2;
        try (var streams = new KafkaStreams(
                windows.topology(topics, faults),
                config(state),
                aborting(deed == Deed.ABORT, countDown, hasHappened))) {
            streams.setUncaughtExceptionHandler(error -> isReplaced
                    ? StreamThreadExceptionResponse.REPLACE_THREAD
                    : StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
            streams.start();
            stream.send(kafka, part - part / 2);
            Awaitility.await()
                    .dontCatchUncaughtExceptions()
                    .atMost(PATIENCE)
                    .until(() -> committed() >= until || streams.state() == KafkaStreams.State.ERROR);
        }
        if (hasHappened.get()) {
            crashes++;
            story.add(isReplaced ? "another thread" : "the instance ended");
        }
    }

    private static KafkaClientSupplier aborting(boolean isWanted, AtomicInteger countDown, AtomicBoolean hasHappened) {
        return WindowingApp.faulty(producer -> (step, moment, occurrence) -> {
            if (isWanted
                    && step == FaultInjection.Step.COMMIT
                    && moment == Moment.BEFORE
                    && countDown.decrementAndGet() == 0) {
                producer.flush();
                hasHappened.set(true);
                throw new KafkaException("injected: ABORT");
            }
        });
    }

    /** Within so many steps it happens. */
    private static int steps(Deed deed, int part) {
        return switch (deed) {
            case FOLD -> part / 2;
            case WRITE -> part / 8;
            case FORWARD -> part / 20;
            case TICK, ABORT -> 8;
            case KILL, CLOSE -> 1;
        };
    }

    private Properties config(Path itsState) {
        return RandomWindowsApp.config(windows, kafka.bootstrapServers(), application, itsState);
    }

    /** Without another fault: the accounts say when all has been done, and then it has to be this. */
    private void finish() {
        try (var streams = new KafkaStreams(windows.topology(topics, Faults.NONE), config(state))) {
            streams.setUncaughtExceptionHandler(error -> StreamThreadExceptionResponse.REPLACE_THREAD);
            streams.start();
            Awaitility.await()
                    .dontCatchUncaughtExceptions()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(accounts(streams)).isEqualTo(stream.accounts()));
            assertThat(read(topics.results(), stream.results().size())).isEqualTo(stream.results());
            assertThat(read(topics.late(), stream.late().size())).isEqualTo(stream.late());
        }
        assertThat(stream.results()).as("results to be expected").hasSizeGreaterThan(20);
    }

    /** Of all tasks, and of what is rejected before a rekeying too. */
    private Map<String, Long> accounts(KafkaStreams streams) {
        var accounts = new TreeMap<String, Long>();
        streams.metrics().forEach((name, metric) -> {
            if (name.group().equals("semel-windowing")
                    && stream.accounts().containsKey(name.name())
                    && metric.metricValue() instanceof Double value) {
                accounts.merge(name.name(), value.longValue(), Long::sum);
            }
        });
        return accounts;
    }

    private List<String> read(String topic, int atLeast) {
        return RandomStream.sorted(kafka.readCommitted(topic, atLeast, PATIENCE).stream()
                .map(record -> RandomWindows.part(new String(record.value(), UTF_8), 0)));
    }
}
