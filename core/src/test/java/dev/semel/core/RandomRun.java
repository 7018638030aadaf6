package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.testkit.ExactlyOnceDelivery;
import dev.semel.testkit.Guarantees;
import dev.semel.testkit.NothingSilent;
import dev.semel.testkit.PerKeyOrder;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A group of processors to which a seed's choice of deeds is done while it works, and what has to be true all the time. */
final class RandomRun {

    /** What is done, each at least once a run. */
    enum Deed {
        /** A member joins. */
        JOIN,
        /** A member leaves as it should. */
        LEAVE,
        /** A member is closed without time to end what it does. */
        LEAVE_AT_ONCE,
        /** A member's producer loses its permission, so that the member fails and is replaced. */
        FAIL_BY_PRODUCER,
        /** A handler throws an Error, so that the member fails and is replaced. */
        FAIL_BY_HANDLER,
        /** Another producer takes a member's transactional id. */
        FENCE,
        /** A step of a member's transaction fails in a way that is survived. */
        FAULT,
        /** A broker stops and starts again; of one broker that is all. */
        OUTAGE
    }

    private static final Duration PATIENCE = Duration.ofSeconds(150);
    /** Long enough for a handler that does its work on a machine with much else to do. */
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private static final int MOST_MEMBERS = 3;
    private static final int FAULTS_A_ROUND = 5;

    private final Random random;
    private final TestKafka kafka;
    private final int records;
    private final int partitions;
    private final int keys;
    private final Processing processing;
    private final RandomWork work;
    private final RandomSettings settings;
    private final NothingSilent nothingSilent;
    private final Guarantees guarantees;
    private final List<RandomMember> members = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final Set<Deed> happened = EnumSet.noneOf(Deed.class);
    private final long startNanos = System.nanoTime();
    private int sent;
    private int named;
    private int faults;

    RandomRun(long seed, TestKafka kafka, int records) {
        this.random = new Random(seed);
        this.kafka = kafka;
        this.records = records;
        this.partitions = 2 + random.nextInt(5);
        this.keys = 1 + random.nextInt(60);
        this.processing = Processing.on(kafka, partitions);
        Map<String, Object> config = clientConfig();
        ProcessingOrder order = ProcessingOrder.values()[random.nextInt(ProcessingOrder.values().length)];
        boolean hasDeadline = random.nextBoolean();
        this.settings = new RandomSettings(processing, config, order, hasDeadline ? DEADLINE : null);
        this.work = new RandomWork(seed, processing, hasDeadline ? slowPerMillion(records) : 0);
        this.nothingSilent = NothingSilent.skipping(work::isSkipped);
        this.guarantees = Guarantees.on(kafka)
                .inputs(processing.input)
                .outputs(processing.output)
                .letters(processing.letters)
                .expect(
                        ExactlyOnceDelivery.ofOutputs(work::outputsDue),
                        // However records are handled, those of a partition are answered in its order.
                        PerKeyOrder.of(input -> "any"),
                        nothingSilent);
        tell(records + " records, " + partitions + " partitions, " + keys + " keys, order " + order
                + (hasDeadline ? ", handler deadline " + DEADLINE : "") + ", " + config);
    }

    /** Few in a long run, and some in a short one: each takes several deadlines until it is a letter. */
    private static int slowPerMillion(int records) {
        return (int) ((4 + records / 5_000) * 1_000_000L / records);
    }

    private Map<String, Object> clientConfig() {
        var chosen = kafka.clientConfig();
        switch (random.nextInt(3)) {
            case 0 -> chosen.put("group.protocol", "consumer");
            case 1 -> classic(chosen, "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
            default -> classic(chosen, "org.apache.kafka.clients.consumer.RangeAssignor");
        }
        chosen.put("consumer.max.poll.records", 1 + random.nextInt(200));
        // What a member that is gone left open is over soon, so that the run is not spent with waiting.
        chosen.put("producer.transaction.timeout.ms", 5_000);
        return chosen;
    }

    private static void classic(Map<String, Object> config, String assignor) {
        config.put("partition.assignment.strategy", assignor);
        config.put("consumer.session.timeout.ms", 3_000);
        config.put("consumer.heartbeat.interval.ms", 300);
    }

    Set<Deed> happened() {
        return happened;
    }

    String story() {
        return String.join("\n  ", story);
    }

    /** So many times all deeds, in an order of chance, each while its share of the records is under way. */
    void run(int rounds) {
        try {
            members.add(member());
            List<Deed> deeds = deeds(rounds);
            for (int i = 0; i < deeds.size(); i++) {
                int before = sent;
                Deed deed = deeds.get(i);
                tell(deed.toString());
                act(deed, (int) ((long) records * (i + 1) / deeds.size()));
                happened.add(deed);
                awaitProgress(before);
                if (random.nextInt(3) == 0) {
                    guarantees.assertSoFar(PATIENCE);
                }
            }
            tell("the rest");
            awaitProgress(records);
            assertThat(faults).as("faults that came about").isPositive();
            members.forEach(RandomMember::close);
        } finally {
            members.forEach(RandomMember::closeAtOnce);
        }
        tell("the end");
        guarantees.assertComplete(PATIENCE);
        assertThat(nothingSilent.counts().in()).isEqualTo(records);
        assertThat(nothingSilent.counts().lettered()).isEqualTo(work.letteredAmong(records));
        assertThat(processing.letterRecords(0).stream()
                        .filter(RandomRun::isOfTimeout)
                        .map(Processing::value))
                .containsExactlyInAnyOrderElementsOf(work.timeoutsAmong(records));
        assertThat(processing.committed()).isEqualTo(records);
        tell(nothingSilent.counts() + ", " + faults + " faults came about");
    }

    private static boolean isOfTimeout(ConsumerRecord<byte[], byte[]> letter) {
        return DeadLetter.of(letter).orElseThrow().failureClass().equals(FailureClass.TIMEOUT_EXCEEDED);
    }

    private List<Deed> deeds(int rounds) {
        List<Deed> deeds = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<Deed> shuffled = new ArrayList<>(Stream.concat(
                            Arrays.stream(Deed.values()), Collections.nCopies(FAULTS_A_ROUND - 1, Deed.FAULT).stream())
                    .toList());
            Collections.shuffle(shuffled, random);
            deeds.addAll(shuffled);
        }
        return deeds;
    }

    private void act(Deed deed, int sendUpTo) {
        switch (deed) {
            case JOIN -> {
                if (members.size() == MOST_MEMBERS) {
                    members.remove(0).close();
                }
                send(sendUpTo);
                members.add(member());
            }
            case LEAVE -> leave(sendUpTo, RandomMember::close);
            case LEAVE_AT_ONCE -> leave(sendUpTo, RandomMember::closeAtOnce);
            case FAIL_BY_PRODUCER -> fail(sendUpTo, RandomFault.deadly());
            case FAIL_BY_HANDLER -> failByHandler(sendUpTo);
            case FENCE -> {
                send(sendUpTo);
                RandomMember fenced = any();
                tell("  " + fenced);
                fenced.fence();
            }
            case FAULT -> {
                RandomFault fault = RandomFault.survived(random);
                tell("  " + fault);
                members.forEach(member -> member.arm(fault));
                send(sendUpTo);
            }
            case OUTAGE -> {
                send(sendUpTo);
                outage();
            }
        }
    }

    /** With another in its place where it was the last. */
    private void leave(int sendUpTo, Consumer<RandomMember> how) {
        send(sendUpTo);
        RandomMember leaving = any();
        members.remove(leaving);
        tell("  " + leaving);
        how.accept(leaving);
        if (members.isEmpty()) {
            members.add(member());
        }
    }

    private void fail(int sendUpTo, RandomFault fault) {
        // Whichever commits first: a member may have no partition, and so nothing to commit.
        members.forEach(member -> member.arm(fault));
        send(sendUpTo);
        await().atMost(PATIENCE).until(() -> members.stream().anyMatch(RandomMember::hasFailed));
        replace(members.stream().filter(member -> member.disarm() > 0).toList());
    }

    private void failByHandler(int sendUpTo) {
        work.throwAnErrorOnce();
        send(sendUpTo);
        await().atMost(PATIENCE).until(() -> members.stream().anyMatch(RandomMember::hasFailed));
        replace(members.stream().filter(RandomMember::hasFailed).toList());
    }

    private void replace(List<RandomMember> doomed) {
        for (RandomMember member : doomed) {
            await().atMost(PATIENCE).until(member::hasFailed);
            tell("  " + member + ": " + member.failure());
            members.remove(member);
            member.close();
            // Some come back under their name, as a restarted service does.
            members.add(random.nextBoolean() ? again(member) : member());
        }
    }

    private void outage() {
        List<Integer> brokers = kafka.brokerIds();
        int broker = brokers.get(random.nextInt(brokers.size()));
        Duration length = Duration.ofMillis(random.nextInt(3_000));
        tell("  broker " + broker + " for " + length);
        kafka.stopBroker(broker);
        assertThat(any().endsWithin(length))
                .as("a member gives up in an outage")
                .isFalse();
        kafka.startBroker(broker);
    }

    private RandomMember any() {
        return members.get(random.nextInt(members.size()));
    }

    private RandomMember member() {
        return new RandomMember("m" + named++, random.nextBoolean(), settings, work, random.nextInt(1_000));
    }

    private RandomMember again(RandomMember gone) {
        return new RandomMember(gone.name(), gone.isStable(), settings, work, random.nextInt(1_000));
    }

    private void send(int upTo) {
        List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
        while (sent < upTo) {
            int key = random.nextInt(keys);
            batch.add(new ProducerRecord<>(
                    processing.input, key % partitions, Processing.bytes("key-" + key), Processing.bytes("" + sent++)));
        }
        kafka.send(batch);
    }

    /** No member fails that was not made to, and what was sent before the latest deed is committed. */
    private void awaitProgress(int before) {
        await().atMost(PATIENCE).until(() -> {
            for (RandomMember member : members) {
                assertThat(member.failure()).as(member + " failed by itself").isEmpty();
            }
            return processing.committed() >= before;
        });
        members.forEach(member -> faults += member.disarm());
    }

    private void tell(String what) {
        story.add((System.nanoTime() - startNanos) / 1_000_000 + " ms, " + sent + " sent: " + what);
    }
}
