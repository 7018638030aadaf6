package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.BatchFailedException;
import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.OutOfOrderException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Events of many keys, of which one in twelve fails some times and one in twenty comes too early, while letters are redriven at random, by
 * themselves too, and some are discarded; transactions are aborted, instances come, go, and end without having drained; some of them handle
 * in batches. In the end each event has had its effect once, those of a key in the order of the source but for those that came too early,
 * and those that were discarded have had none.
 *
 * <p>A few thousand events in the default build, 100,000 with {@code -Dsemel.test.long=true}, or as many as {@code
 * -Dsemel.test.events} says; {@code -Dsemel.test.seed} repeats others.
 */
@KafkaTest
@Timeout(3600)
class RandomRedrivesIT {

    private static final boolean LONG = Boolean.getBoolean("semel.test.long");
    private static final int EVENTS = Integer.getInteger("semel.test.events", LONG ? 100_000 : 4_000);
    private static final int KEYS = LONG ? 400 : 60;
    private static final int PARTITIONS = 3;
    private static final long SEED = Long.getLong("semel.test.seed", 20261121L);
    private static final Duration PATIENCE = Duration.ofMinutes(LONG ? 50 : 4);

    private final Random random = new Random(SEED);

    /** How many more attempts at an event fail. */
    private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();

    /** How many more times an event comes too early: once more than it is deferred, at most. */
    private final Map<String, AtomicInteger> early = new ConcurrentHashMap<>();

    /** Ids of letters that somebody wants discarded, and those of them of which that is known. */
    private final Set<String> given = new HashSet<>();

    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();

    /** The value at which the process is to seem to end. */
    private final AtomicReference<String> fatal = new AtomicReference<>("");

    @Test
    void eachEventHasItsEffectOnceAndThoseOfAKeyAreInOrder(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, PARTITIONS);
        Map<String, List<String>> expected = new LinkedHashMap<>();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < EVENTS; i++) {
            String key = "k" + random.nextInt(KEYS);
            List<String> ofKey = expected.computeIfAbsent(key, any -> new ArrayList<>());
            String value = key + ":" + ofKey.size();
            ofKey.add(value);
            if (random.nextInt(12) == 0) {
                failures.put(value, new AtomicInteger(1 + random.nextInt(3)));
            } else if (random.nextInt(20) == 0) {
                early.put(value, new AtomicInteger(1 + random.nextInt(3)));
            }
            records.add(keeping.record(value));
        }
        var sending = new Thread(() -> {
            for (int from = 0; from < EVENTS; from += 200) {
                kafka.send(records.subList(from, Math.min(EVENTS, from + 200)));
            }
        });
        sending.start();
        var members = new ArrayList<Member>();
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!isDone(keeping, members)) {
                assertThat(System.nanoTime()).as("in time; seed " + SEED).isLessThan(deadlineNanos);
                disturb(keeping, members);
                redrive(members);
            }
        } finally {
            members.forEach(Member::close);
            sending.join();
        }
        check(keeping, expected);
    }

    private void check(Keeping keeping, Map<String, List<String>> expected) {
        var discarded = new HashSet<String>();
        var mayBeDiscarded = new HashSet<String>();
        keeping.kafka.readCommitted(keeping.input, EVENTS, Keeping.DEADLINE).forEach(record -> {
            String id = keeping.id(record.partition(), record.offset());
            String value = new String(record.value(), UTF_8);
            if (givenUp.contains(id)) {
                discarded.add(value);
            } else if (given.contains(id)) {
                mayBeDiscarded.add(value);
            }
        });
        Map<String, List<String>> actual = new LinkedHashMap<>();
        var once = new HashSet<String>();
        keeping.outputs(0).forEach(value -> {
            assertThat(once.add(value)).as(value + " once; seed " + SEED).isTrue();
            actual.computeIfAbsent(value.substring(0, value.indexOf(':')), any -> new ArrayList<>())
                    .add(value);
        });
        assertThat(once).as("given up; seed " + SEED).doesNotContainAnyElementsOf(discarded);
        expected.forEach((key, values) -> {
            List<String> had = actual.getOrDefault(key, List.of());
            assertThat(had)
                    .as("key " + key + "; seed " + SEED)
                    .containsAll(values.stream()
                            .filter(value -> !discarded.contains(value) && !mayBeDiscarded.contains(value))
                            .toList());
            assertThat(had.stream().filter(value -> !early.containsKey(value)).toList())
                    .as("order of key " + key + "; seed " + SEED)
                    .isEqualTo(values.stream()
                            .filter(value -> !early.containsKey(value) && once.contains(value))
                            .toList());
        });
    }

    private record Member(EventProcessor<String, String> processor, DeadLetters letters) {
        void close() {
            processor.close();
        }
    }

    private boolean isDone(Keeping keeping, List<Member> members) {
        return keeping.committed() == EVENTS
                && nothingIsKept(members)
                && areAllRestored(keeping, members)
                && nothingIsKept(members);
    }

    private static boolean nothingIsKept(List<Member> members) {
        return members.stream().allMatch(member -> member.letters().letters().isEmpty());
    }

    /** Only who has restored a partition answers for it. */
    private static boolean areAllRestored(Keeping keeping, List<Member> members) {
        return IntStream.range(0, PARTITIONS)
                .allMatch(partition -> members.stream().anyMatch(member -> answers(member, keeping.id(partition, 0))));
    }

    private static boolean answers(Member member, String id) {
        try {
            member.letters().redrive(List.of(id), "a test").get(10, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** An instance comes, goes, or ends without having drained, which is seen at the next look. */
    private void disturb(Keeping keeping, List<Member> members) {
        members.removeIf(member -> {
            boolean ended = member.processor().state().isTerminal();
            if (ended) {
                member.close();
            }
            return ended;
        });
        boolean isLate = keeping.committed() > EVENTS * 9L / 10;
        int what = random.nextInt(isLate ? 60 : 12);
        if (members.isEmpty() || (what == 0 && members.size() < 3)) {
            members.add(start(keeping));
        } else if (what == 1) {
            members.remove(random.nextInt(members.size())).close();
        } else if (what == 2) {
            fatal.set("k" + random.nextInt(KEYS) + ":");
        }
    }

    private Member start(Keeping keeping) {
        var keeps = DeadLetters.builder().parkAfterSameFault(1_000);
        if (random.nextBoolean()) {
            keeps.automatically(FailureClass.HANDLER_EXCEPTION, Duration.ofMillis(100), 2, 2);
        }
        var letters = keeps.build();
        EventProcessorBuilder<String, String> builder = EventProcessor.<String, String>builder()
                .kafka(keeping.kafka.clientConfig())
                .group(keeping.group)
                .topics(keeping.input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(letters)
                .onFailure(FailurePolicy.byClass()
                        .on(
                                OutOfOrderException.class,
                                RetryPolicy.never()
                                        .thenDefer(Duration.ofMillis(50), Duration.ofMillis(200), 2, keeping.letters))
                        .otherwise(RetryPolicy.never().thenDeadLetter(keeping.letters)))
                .commitInterval(Duration.ofMillis(20))
                .clients(aborting(random.nextLong()));
        if (random.nextBoolean()) {
            builder.handler((event, context) -> handle(keeping, event, context));
        } else {
            builder.batchHandler(1 + random.nextInt(50), items -> {
                for (int i = 0; i < items.size(); i++) {
                    try {
                        handle(keeping, items.get(i).event(), items.get(i).context());
                    } catch (IllegalStateException e) {
                        throw new BatchFailedException(i, e);
                    }
                }
            });
        }
        var processor = builder.build();
        processor.start();
        return new Member(processor, letters);
    }

    private void handle(Keeping keeping, Event<String, String> event, EventContext context) {
        String doomed = fatal.get();
        if (!doomed.isEmpty() && event.value().startsWith(doomed) && fatal.compareAndSet(doomed, "")) {
            throw new StackOverflowError("injected");
        }
        if (isLeft(failures.get(event.value()))) {
            throw new IllegalStateException("not yet");
        }
        if (isLeft(early.get(event.value()))) {
            throw new OutOfOrderException("too early");
        }
        context.send(keeping.output, event.key(), event.value());
    }

    private static boolean isLeft(@Nullable AtomicInteger left) {
        return left != null && left.getAndDecrement() > 0;
    }

    /** One in thirty transactions is aborted when all was sent. */
    private static KafkaClients aborting(long seed) {
        var random = new Random(seed);
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                Producer<byte[], byte[]> producer = KafkaClients.super.producer(config);
                return FaultInjection.producer(producer, (step, moment, occurrence) -> {
                    if (step == Step.COMMIT && moment == Moment.BEFORE && random.nextInt(30) == 0) {
                        producer.flush();
                        throw new TransactionAbortableException("injected");
                    }
                });
            }
        };
    }

    private void redrive(List<Member> members) throws Exception {
        for (Member member : List.copyOf(members)) {
            var chosen = Keeping.in(member.letters(), LetterState.OPEN).stream()
                    .filter(id -> random.nextInt(3) > 0)
                    .toList();
            if (!chosen.isEmpty()) {
                // What becomes of it is seen in the end: its partition may go elsewhere meanwhile.
                member.letters().redrive(chosen, "a test");
            }
            // Few, and of all states: most are handled in the end.
            member.letters().letters().stream()
                    .map(LetterStatus::id)
                    .filter(id -> random.nextInt(300) == 0)
                    .forEach(id -> discard(member, id));
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
    }

    private void discard(Member member, String id) {
        given.add(id);
        member.letters().discard(List.of(id), "a test", "by the seed").thenAccept(report -> {
            if (report.applied() == 1) {
                givenUp.add(id);
            }
        });
    }
}
