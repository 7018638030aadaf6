package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.KafkaClients;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Events of many keys, of which one in twelve fails some times, while letters are redriven at random, transactions are aborted, instances
 * come, go, and end without having drained. In the end each event has had its effect once, and those of a key in the order of the source.
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
        List<String> outputs = kafka.readCommitted(keeping.output, EVENTS, Keeping.DEADLINE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
        Map<String, List<String>> actual = new LinkedHashMap<>();
        outputs.forEach(
                value -> actual.computeIfAbsent(value.substring(0, value.indexOf(':')), any -> new ArrayList<>())
                        .add(value));
        expected.forEach((key, values) ->
                assertThat(actual.get(key)).as("key " + key + "; seed " + SEED).containsExactlyElementsOf(values));
        assertThat(outputs).hasSize(EVENTS);
    }

    private record Member(EventProcessor<String, String> processor, DeadLetters letters) {
        void close() {
            processor.close();
        }
    }

    private boolean isDone(Keeping keeping, List<Member> members) {
        return keeping.committed() == EVENTS
                && members.stream()
                        .allMatch(member -> member.letters().letters().isEmpty())
                && keeping.kafka
                                .readCommitted(keeping.output, 0, Keeping.DEADLINE)
                                .size()
                        >= EVENTS;
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
        var letters = DeadLetters.builder().parkAfterSameFault(1_000).build();
        var processor = keeping.processor(letters)
                .clients(aborting(random.nextLong()))
                .handler((event, context) -> {
                    String doomed = fatal.get();
                    if (!doomed.isEmpty() && event.value().startsWith(doomed) && fatal.compareAndSet(doomed, "")) {
                        throw new StackOverflowError("injected");
                    }
                    AtomicInteger left = failures.get(event.value());
                    if (left != null && left.getAndDecrement() > 0) {
                        throw new IllegalStateException("not yet");
                    }
                    context.send(keeping.output, event.key(), event.value());
                })
                .build();
        processor.start();
        return new Member(processor, letters);
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
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
    }
}
