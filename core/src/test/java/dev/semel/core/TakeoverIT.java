package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.ExactlyOnceDelivery;
import dev.semel.testkit.Guarantees;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.PerKeyOrder;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A process is killed while its transaction is open, which is the worst moment: until the broker has aborted the transaction, nobody
 * can tell from which offset to go on.
 */
class TakeoverIT {

    private static final int PARTITIONS = 6;
    private static final int MEMBERS = 3;
    private static final int RECORDS = 12_000;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** For clients and brokers that are not at hand at once. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(2);

    private static final Duration RESTART = Duration.ofSeconds(15);

    /** The times on which it depends how long a takeover takes. */
    private record Times(Duration session, Duration heartbeat, Duration transaction, Duration cleanUp) {

        /** Kafka's and Semel's. */
        static final Times BY_DEFAULT = new Times(
                Duration.ofSeconds(45), Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(10));

        /** The clean-up is the testkit's. */
        static final Times SHORT =
                new Times(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofMillis(500));

        Duration takeover() {
            Duration orphan = transaction.plus(cleanUp);
            return (session.compareTo(orphan) > 0 ? session : orphan)
                    .plus(heartbeat.multipliedBy(2))
                    .plus(ALLOWANCE);
        }

        Map<String, String> clients() {
            return Map.of(
                    "consumer.session.timeout.ms", "" + session.toMillis(),
                    "consumer.heartbeat.interval.ms", "" + heartbeat.toMillis(),
                    "producer.transaction.timeout.ms", "" + transaction.toMillis());
        }
    }

    @Test
    @KafkaTest
    void theOthersTakeOverWithinTheTimeouts(TestKafka kafka) {
        assertTakeover(kafka, Times.SHORT, Times.SHORT.clients());
    }

    @Test
    @EnabledIfSystemProperty(named = "semel.test.long", matches = "true")
    @KafkaTest(
            ownCluster = true,
            brokerProperties = "transaction.abort.timed.out.transaction.cleanup.interval.ms=10000")
    void withDefaultTimeoutsTheOthersTakeOverWithinThem(TestKafka kafka) {
        assertTakeover(kafka, Times.BY_DEFAULT, Map.of());
    }

    private static void assertTakeover(TestKafka kafka, Times times, Map<String, String> config) {
        var processing = Processing.on(kafka, PARTITIONS);
        List<JavaProcess> members = new ArrayList<>();
        try {
            for (int i = 0; i < MEMBERS; i++) {
                members.add(TakeoverMember.start(processing, null, i == 0, config));
            }
            Map<String, Set<TopicPartition>> before = awaitMembers(processing, MEMBERS);
            processing.send(RECORDS);
            JavaProcess doomed = members.get(0);
            doomed.awaitOutput(TakeoverMember.STANDS_STILL, PATIENCE);
            Map<TopicPartition, Long> committed = committed(processing);

            var watch = new StopWatch("killed, with a transaction open");
            doomed.kill();
            await(() -> members(processing).size() == MEMBERS - 1);
            watch.step("the coordinator has given the member up");
            Map<String, Set<TopicPartition>> after = awaitMembers(processing, MEMBERS - 1);
            watch.step("its partitions have new owners");
            var taken = new HashSet<TopicPartition>();
            before.forEach((member, partitions) -> {
                if (!after.containsKey(member)) {
                    taken.addAll(partitions);
                }
            });
            assertThat(taken).as("what the killed member had, of %s", before).hasSize(PARTITIONS / MEMBERS);
            await(() -> taken.stream().anyMatch(partition -> hasMoved(processing, partition, committed)));
            watch.step("a record of one of them is committed");
            await(() -> taken.stream().allMatch(partition -> hasMoved(processing, partition, committed)));
            Duration takeover = watch.step("a record of each of them is committed");
            System.out.println("takeover of " + taken + ", at most " + times.takeover() + " by " + times + ":" + watch);

            processing.awaitCommitted(RECORDS);
            members.subList(1, MEMBERS).forEach(member -> member.stop(PATIENCE));
            assertNothingIsLostOrDoubled(processing);
            assertThat(takeover).as("takeover by %s:%s", times, watch).isLessThanOrEqualTo(times.takeover());
        } finally {
            members.forEach(JavaProcess::close);
        }
    }

    /** With the default timeouts, none of which has to pass: nobody else gets its partitions meanwhile, and it ends its own orphan. */
    @Test
    @KafkaTest
    void aNamedInstanceThatIsStartedAgainGetsItsPartitionsBackWithinSeconds(TestKafka kafka) {
        var processing = Processing.on(kafka, PARTITIONS);
        try (var doomed = TakeoverMember.start(processing, "one", true, Map.of());
                var other = TakeoverMember.start(processing, "two", false, Map.of())) {
            Map<String, Set<TopicPartition>> before = awaitMembers(processing, 2);
            processing.send(RECORDS);
            doomed.awaitOutput(TakeoverMember.STANDS_STILL, PATIENCE);
            Map<TopicPartition, Long> committed = committed(processing);
            Set<TopicPartition> own = before.get("one");

            var watch = new StopWatch("killed, with a transaction open");
            doomed.kill();
            watch.step("started again");
            try (var again = TakeoverMember.start(processing, "one", false, Map.of())) {
                await(() -> own.stream().anyMatch(partition -> hasMoved(processing, partition, committed)));
                watch.step("a record of one of its partitions is committed");
                await(() -> own.stream().allMatch(partition -> hasMoved(processing, partition, committed)));
                Duration restart = watch.step("a record of each of them is committed");
                System.out.println("restart of instance one with " + own + ":" + watch);
                assertThat(awaitMembers(processing, 2)).isEqualTo(before);
                processing.awaitCommitted(RECORDS);
                again.stop(PATIENCE);
                other.stop(PATIENCE);
                assertNothingIsLostOrDoubled(processing);
                assertThat(restart).as("restart:%s", watch).isLessThan(RESTART);
            }
        }
    }

    private static void assertNothingIsLostOrDoubled(Processing processing) {
        Guarantees.on(processing.kafka)
                .inputs(processing.input)
                .outputs(processing.output)
                .letters(processing.letters)
                .expect(ExactlyOnceDelivery.ofOneOutput(), PerKeyOrder.of(input -> "any"))
                .assertComplete(PATIENCE);
        assertThat(processing.letters(0)).isEmpty();
    }

    /** Waits until so many members have all partitions among them. */
    private static Map<String, Set<TopicPartition>> awaitMembers(Processing processing, int count) {
        await(() -> describe(processing)
                .filter(group -> group.groupState() == GroupState.STABLE)
                .map(group -> group.members().stream()
                        .map(member -> member.assignment().topicPartitions().size())
                        .toList())
                .filter(sizes -> sizes.size() == count && !sizes.contains(0))
                .filter(sizes -> sizes.stream().mapToInt(Integer::intValue).sum() == PARTITIONS)
                .isPresent());
        return members(processing);
    }

    /** By their names, where they have one. */
    private static Map<String, Set<TopicPartition>> members(Processing processing) {
        return describe(processing).orElseThrow().members().stream()
                .collect(Collectors.toMap(
                        member -> member.groupInstanceId().orElse(member.consumerId()),
                        member -> member.assignment().topicPartitions()));
    }

    /** Empty as long as nobody has joined. */
    private static Optional<ConsumerGroupDescription> describe(Processing processing) {
        try {
            return Optional.of(processing
                    .kafka
                    .admin()
                    .describeConsumerGroups(List.of(processing.group))
                    .describedGroups()
                    .get(processing.group)
                    .get());
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(GroupIdNotFoundException.class);
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean hasMoved(
            Processing processing, TopicPartition partition, Map<TopicPartition, Long> committed) {
        return committed(processing).getOrDefault(partition, 0L) > committed.getOrDefault(partition, 0L);
    }

    /** As it is, whether or not a transaction is about to change it. */
    private static Map<TopicPartition, Long> committed(Processing processing) {
        return Futures.await(processing
                        .kafka
                        .admin()
                        .listConsumerGroupOffsets(processing.group)
                        .partitionsToOffsetAndMetadata(processing.group))
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(condition);
    }

    /** What happened when, counted from the first step on. */
    private static final class StopWatch {

        private final long startNanos = System.nanoTime();
        private final StringBuilder steps = new StringBuilder();

        StopWatch(String first) {
            step(first);
        }

        Duration step(String what) {
            Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
            steps.append(String.format("%n  %6d ms: %s", time.toMillis(), what));
            return time;
        }

        @Override
        public String toString() {
            return steps.toString();
        }
    }
}
