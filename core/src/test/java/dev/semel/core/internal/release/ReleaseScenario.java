package dev.semel.core.internal.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.internal.commit.FakeCluster;
import dev.semel.core.internal.commit.Faults.Call;
import dev.semel.core.internal.commit.Faults.Fault;
import dev.semel.core.internal.commit.Members;
import dev.semel.core.internal.commit.Ticker;
import dev.semel.core.internal.commit.TransactionWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.jspecify.annotations.Nullable;

/**
 * One processor's release over a few partitions, driven at random, beside a model that knows what may be committed: for each
 * partition exactly the outputs of the records before its committed offset, in order, once, and each of these records handled.
 */
final class ReleaseScenario {

    /** What can come about; a run tells which did. */
    enum Kind {
        ABORTED,
        UNANSWERED,
        REPLACED,
        COMMITTED_WITHOUT_AN_ANSWER,
        NOT_SENT,
        REFUSED,
        UNFENCED,
        OLD_GENERATION,
        DROPPED_WITH_OUTPUTS,
        PASSED,
        GAP_COMMITTED
    }

    private static final int RECORDS = 25;
    private static final int MAX_FAULTS_IN_A_ROW = 6;
    private static final int CALM_ROUNDS = 100;

    private final Random random;
    private final FakeCluster cluster = new FakeCluster();
    private final Ticker ticker = new Ticker();
    private final Release release;
    private final List<Source> sources;
    private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    private final List<String> story = new ArrayList<>();

    private int generation = cluster.nextGeneration();
    private int faultsInARow;
    private boolean calm;

    ReleaseScenario(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        sources =
                IntStream.range(0, 1 + random.nextInt(3)).mapToObj(Source::new).toList();
        var writer = new TransactionWriter(
                cluster.initialisedProducer(), cluster::producer, "id", Duration.ofSeconds(40), ticker);
        release = new Release(writer, Windows.committingEvery(Duration.ofMillis(100)), ticker);
        cluster.inject(this::fault);
        cluster.observe(this::check);
    }

    Set<Kind> run(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
        }
        finish();
        return kinds;
    }

    /** What happens in so many steps. */
    List<String> story(int steps) {
        try {
            run(steps);
        } catch (AssertionError | RuntimeException e) {
            story.add("failed: " + e);
        }
        return story;
    }

    private void step() {
        ticker.advance(Duration.ofMillis(random.nextInt(20_000)));
        Source source = sources.get(random.nextInt(sources.size()));
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> source.poll();
            case 3, 4, 5 -> source.complete();
            case 6, 7 -> release.release();
            case 8, 9, 10 -> commit();
            case 11, 12 -> settle();
            case 13 -> {
                if (random.nextInt(3) == 0) {
                    source.leave();
                }
            }
            case 14 -> source.join();
            case 15 -> others(source);
            default -> throw new AssertionError();
        }
    }

    private void commit() {
        if (random.nextInt(20) == 0) {
            tell("commit without a generation", Kind.UNFENCED);
            release.commit(Members.unfenced());
        } else {
            tell("commit");
            release.commit(member());
        }
    }

    private ConsumerGroupMetadata member() {
        return Members.ofGeneration(generation);
    }

    private void settle() {
        release.settle();
        if (release.awaitsOffsets() && (calm || random.nextBoolean())) {
            tell("read the offsets " + cluster.offsets(), Kind.REPLACED);
            List<TopicPartition> passed = release.confirm(cluster.offsets());
            for (TopicPartition partition : passed) {
                tell(partition + " was passed", Kind.PASSED);
                Source source = sources.get(partition.partition());
                source.leave();
                source.join();
            }
        }
    }

    /** The group has gone on without this processor, which does not know yet, or has learned of it now. */
    private void others(Source source) {
        if (random.nextInt(3) == 0) {
            rejoin();
        } else if (generation < cluster.generation() || random.nextInt(4) == 0) {
            generation = Math.min(generation, cluster.nextGeneration() - 1);
            source.handledByAnother();
        }
    }

    private void rejoin() {
        if (generation < cluster.generation()) {
            tell("everything is lost, and the group joined again", Kind.OLD_GENERATION);
            sources.forEach(Source::leave);
            generation = cluster.generation();
        }
    }

    /** Without faults from here on, everything is committed in the end. */
    private void finish() {
        calm = true;
        tell("calm");
        rejoin();
        for (int round = 0; round < CALM_ROUNDS && !sources.stream().allMatch(Source::isDone); round++) {
            ticker.advance(Duration.ofMinutes(1));
            settle();
            for (Source source : sources) {
                source.join();
                source.poll();
                source.completeAll();
            }
            release.release();
            release.commit(member());
        }
        for (Source source : sources) {
            assertThat(source.committed())
                    .as("the committed end of " + source.partition)
                    .isEqualTo(source.end);
        }
    }

    private void check() {
        faultsInARow = 0;
        for (Source source : sources) {
            source.check();
        }
    }

    private @Nullable Fault fault(Call call, @Nullable ProducerRecord<byte[], byte[]> record) {
        if (record != null && new String(record.value()).endsWith("!")) {
            tell("refused " + new String(record.value()));
            return new Fault.Refused(new RecordTooLargeException("too large"));
        }
        if (calm || faultsInARow >= MAX_FAULTS_IN_A_ROW || random.nextInt(100) >= (call == Call.SEND ? 4 : 15)) {
            return null;
        }
        faultsInARow++;
        Fault fault = anyOf(call);
        tell(call + ": " + fault);
        return fault;
    }

    private Fault anyOf(Call call) {
        return switch (call) {
            case INIT -> random.nextBoolean() ? noAnswer(false) : fatal();
            case BEGIN -> random.nextBoolean() ? notSent() : fatal();
            case SEND ->
                switch (random.nextInt(3)) {
                    case 0 -> notSent();
                    case 1 -> new Fault.Refused(new TimeoutException("expired in the buffer"));
                    default -> fatal();
                };
            case OFFSETS ->
                switch (random.nextInt(3)) {
                    case 0 -> new Fault.Throws(new TimeoutException("offsets"));
                    case 1 -> abortable(new CommitFailedException("rebalancing"));
                    default -> fatal();
                };
            case COMMIT ->
                switch (random.nextInt(5)) {
                    case 0 -> noAnswer(false);
                    case 1 -> noAnswer(true);
                    case 2 -> abortable(new TransactionAbortableException("abort it"));
                    case 3 -> {
                        kinds.add(Kind.COMMITTED_WITHOUT_AN_ANSWER);
                        yield new Fault.DoneButFatal(new InvalidTxnStateException("what?"));
                    }
                    default -> fatal();
                };
            case ABORT ->
                switch (random.nextInt(3)) {
                    case 0 -> noAnswer(random.nextBoolean());
                    case 1 -> new Fault.DoneButFatal(new KafkaException("what?"));
                    default -> fatal();
                };
        };
    }

    private Fault notSent() {
        kinds.add(Kind.NOT_SENT);
        return new Fault.Throws(new KafkaException("not now"));
    }

    private Fault noAnswer(boolean done) {
        kinds.add(Kind.UNANSWERED);
        return new Fault.NoAnswer(new TimeoutException("no answer"), done);
    }

    private Fault abortable(RuntimeException error) {
        kinds.add(Kind.ABORTED);
        return new Fault.Abortable(error);
    }

    private Fault fatal() {
        // Three fences in a minute would be the end.
        ticker.advance(Duration.ofMinutes(2));
        return new Fault.Fatal(
                switch (random.nextInt(3)) {
                    case 0 -> new ProducerFencedException("by another");
                    case 1 -> new InvalidPidMappingException("expired");
                    default -> new KafkaException("unknown");
                });
    }

    private void tell(String what, Kind... kind) {
        story.add(what);
        kinds.addAll(List.of(kind));
    }

    /** A source record, and what handling it gives. */
    private record Input(long offset, List<String> outputs, boolean isRefused) {

        /** A record whose output is refused ends as a letter. */
        List<String> committed(int partition) {
            return isRefused ? List.of(partition + "/" + offset + "/letter") : outputs;
        }
    }

    /** A place that waits to be completed with these outputs. */
    private record Pending(Slot slot, Input input, List<String> outputs) {}

    /** A source partition. */
    private final class Source {

        private final TopicPartition partition;
        private final List<Input> inputs = new ArrayList<>();
        private final Set<Long> handled = new HashSet<>();
        private final long end;

        private @Nullable PartitionWindow window;
        private boolean isPositioned;
        private long position;
        private List<Pending> pending = new ArrayList<>();

        Source(int number) {
            partition = new TopicPartition("in", number);
            long offset = 0;
            for (int i = 0; i < RECORDS; i++) {
                offset += random.nextInt(3) == 0 ? random.nextInt(4) : 0;
                inputs.add(input(number, offset++));
            }
            end = offset + random.nextInt(3);
        }

        private Input input(int number, long offset) {
            boolean refused = random.nextInt(12) == 0;
            int count = refused ? 1 + random.nextInt(2) : random.nextInt(3);
            int bad = refused ? random.nextInt(count) : -1;
            return new Input(
                    offset,
                    IntStream.range(0, count)
                            .mapToObj(i -> number + "/" + offset + "/" + i + (i == bad ? "!" : ""))
                            .toList(),
                    refused);
        }

        void join() {
            if (window == null) {
                tell("assigned " + partition);
                window = Windows.open(release, partition);
                isPositioned = false;
            }
        }

        void leave() {
            if (window != null) {
                tell("drop " + partition);
                if (window.hasSent()) {
                    kinds.add(Kind.DROPPED_WITH_OUTPUTS);
                }
                window = null;
                pending = new ArrayList<>();
                release.drop(List.of(partition));
            }
        }

        /** Reads on from the committed offset, once it is stable. */
        void poll() {
            if (window == null) {
                return;
            }
            if (!isPositioned) {
                if (cluster.isUnstable(partition)) {
                    return;
                }
                position = committed();
                isPositioned = true;
            }
            int most = calm ? RECORDS : random.nextInt(5);
            List<Input> polled = inputs.stream()
                    .filter(input -> input.offset() >= position)
                    .limit(most)
                    .toList();
            for (Input input : polled) {
                Slot slot =
                        window.add(new ConsumerRecord<>("in", partition.partition(), input.offset(), null, null), null);
                slot.onRejection((refused, cause) -> {
                    kinds.add(Kind.REFUSED);
                    pending.add(new Pending(slot, input, input.committed(partition.partition())));
                });
                pending.add(new Pending(slot, input, input.outputs()));
                position = input.offset() + 1;
            }
            if (calm || random.nextBoolean()) {
                position = next();
            }
            tell("poll " + polled.size() + " of " + partition + " to " + position);
            window.advanceTo(new OffsetAndMetadata(position));
        }

        /** Past the markers behind what was polled. */
        private long next() {
            return inputs.stream()
                    .map(Input::offset)
                    .filter(offset -> offset >= position)
                    .findFirst()
                    .orElse(end);
        }

        void complete() {
            if (!pending.isEmpty()) {
                complete(pending.remove(random.nextInt(pending.size())));
            }
        }

        void completeAll() {
            pending.forEach(this::complete);
            pending.clear();
        }

        private void complete(Pending done) {
            tell("complete " + partition + "@" + done.input().offset());
            handled.add(done.input().offset());
            done.slot().complete(new Outcome.Handled(records(done.outputs())));
        }

        /** Another member reads on from the committed offset, which it can only do once that is stable. */
        void handledByAnother() {
            if (cluster.isUnstable(partition)) {
                return;
            }
            List<Input> more = inputs.stream()
                    .filter(input -> input.offset() >= committed())
                    .limit(1 + random.nextInt(6))
                    .toList();
            if (more.isEmpty()) {
                return;
            }
            long upTo = more.get(more.size() - 1).offset() + 1;
            tell("another takes " + partition + " to " + upTo);
            more.forEach(input -> handled.add(input.offset()));
            cluster.commitOfAnother(
                    more.stream()
                            .flatMap(input -> records(input.committed(partition.partition())).stream())
                            .toList(),
                    partition,
                    upTo);
        }

        boolean isDone() {
            return committed() == end;
        }

        long committed() {
            @Nullable OffsetAndMetadata offset = cluster.offsets().get(partition);
            return offset == null ? 0 : offset.offset();
        }

        void check() {
            long committed = committed();
            List<Input> before =
                    inputs.stream().filter(input -> input.offset() < committed).toList();
            String prefix = partition.partition() + "/";
            assertThat(cluster.values().stream()
                            .filter(value -> value.startsWith(prefix))
                            .toList())
                    .as("outputs of " + partition + ", committed up to " + committed)
                    .isEqualTo(before.stream()
                            .flatMap(input -> input.committed(partition.partition()).stream())
                            .toList());
            assertThat(handled)
                    .as("what was handled of " + partition + ", committed up to " + committed)
                    .containsAll(before.stream().map(Input::offset).toList());
            long last = before.stream()
                    .map(Input::offset)
                    .max(Comparator.naturalOrder())
                    .orElse(-1L);
            if (committed > last + 1) {
                kinds.add(Kind.GAP_COMMITTED);
            }
        }

        private static List<ProducerRecord<byte[], byte[]>> records(List<String> values) {
            return values.stream()
                    .map(value -> new ProducerRecord<byte[], byte[]>("out", value.getBytes()))
                    .toList();
        }
    }
}
