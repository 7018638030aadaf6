package dev.semel.dlq.internal.copy;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.RedrivePlan;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.clients.ClientErrors;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.letters.LetterReader;
import dev.semel.dlq.internal.letters.LetterTopic;
import dev.semel.dlq.internal.state.LetterStates;
import dev.semel.dlq.internal.state.StateTopic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/** Carries out what is to be done about a snapshot of letters. Safe for use by several threads; the last one to begin goes on. */
public final class Redriver {

    private static final int NOTES = 200;

    private final Cluster cluster;
    private final KafkaSettings kafka;
    private final LetterTopic topic;
    private final StateTopic stateTopic;
    private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;
    private final InstantSource clock;
    private final Duration deadline;

    public Redriver(
            Cluster cluster,
            KafkaSettings kafka,
            LetterTopic topic,
            StateTopic stateTopic,
            Function<Map<String, Object>, Producer<byte[], byte[]>> producers,
            InstantSource clock,
            Duration deadline) {
        this.cluster = cluster;
        this.kafka = kafka;
        this.topic = topic;
        this.stateTopic = stateTopic;
        this.producers = producers;
        this.clock = clock;
        this.deadline = deadline;
    }

    /** Checks where the letters of a snapshot would go. */
    public Targets targets(@Nullable String to, Map<String, String> mapped, Snapshot snapshot) throws Exception {
        var look = new Targets.Look(cluster, kafka, topic.readers(), clock, deadline);
        return Targets.checked(look, topic.name(), to, mapped, snapshot);
    }

    /**
     * What a redrive would do.
     *
     * @param states what is known of all letters of the topic
     */
    public RedrivePlan plan(
            Snapshot snapshot,
            Targets targets,
            Set<LetterState> takes,
            LetterTopic.States states,
            Collection<String> lost)
            throws Exception {
        var skipped = new TreeMap<String, Long>();
        var copies = new TreeMap<String, Long>();
        Set<Long> keys = new HashSet<>();
        var taken = new BitSet();
        long fetched = 0;
        long duplicate = 0;
        for (Map.Entry<LetterState, Long> ended : snapshot.ended().entrySet()) {
            if (Tally.isDone(ended.getKey())) {
                duplicate += ended.getValue();
            } else {
                skipped.merge(Tally.inState(ended.getKey()), ended.getValue(), Long::sum);
            }
        }
        for (int letter = 0; letter < snapshot.size(); letter++) {
            @Nullable TopicPartition from = snapshot.origin(letter);
            @Nullable String origin = from == null ? null : from.topic();
            Optional<Target> target = targets.of(origin);
            if (!takes.contains(snapshot.state(letter))) {
                skipped.merge(Tally.inState(snapshot.state(letter)), 1L, Long::sum);
            } else if (target.isEmpty()) {
                skipped.merge(Targets.reason(origin), 1L, Long::sum);
            } else {
                copies.merge(target.get().topic(), 1L, Long::sum);
                fetched += snapshot.needsFetch(letter) ? 1 : 0;
                keys.add(snapshot.sequence(letter));
                taken.set(letter);
            }
        }
        return new RedrivePlan(
                snapshot.matched(),
                copies.values().stream().mapToLong(Long::longValue).sum(),
                duplicate,
                skipped,
                Map.of(),
                copies,
                fetched,
                keys.size(),
                0,
                Order.of(snapshot).reordered(),
                new Overtaking(snapshot, taken).count(topic, states),
                lost.stream().limit(RedriveReport.MAX_LOST).toList());
    }

    /**
     * Does it.
     *
     * @param tally goes on with it: of what was done about other letters of the same run, if there are any
     */
    public RedriveReport run(RunSettings settings, Snapshot snapshot, Tally tally) throws Exception {
        TopicDescription letters = topic.described();
        stateTopic.prepare(letters);
        var producer =
                producers.apply(kafka.producer(Operator.transactionalId(topic.name()), maxLetterBytes(), deadline));
        try (Operator operator = Operator.of(producer, stateTopic, topic.name(), settings.redriveId(), deadline);
                LetterReader reader = topic.reader();
                var origins = new OriginReader(cluster, kafka, deadline)) {
            operator.note(List.of(stateTopic.operatorNote(new StateChange(
                    settings.into(),
                    settings.redriveId(),
                    settings.actor(),
                    settings.reason(),
                    clock.instant(),
                    0,
                    null))));
            LetterStates states = stateTopic.restored(letters);
            note(operator, states, snapshot);
            var run = new Run(settings, snapshot, topic, reader, origins, operator, states, tally, clock);
            Ending ending = run.run();
            Map<Integer, Long> starts = topic.starts();
            states.lost(partition -> starts.getOrDefault(partition, 0L), tally::lost);
            // Last, since nobody waits for it to begin.
            states.forgotten(partition -> starts.getOrDefault(partition, 0L)).forEach(operator::note);
            return run.report(ending);
        } catch (Exception e) {
            throw ClientErrors.translated(
                    "redrive " + settings.redriveId() + " of " + topic.name() + ", after " + tally.appliedCount()
                            + " letter(s),",
                    e);
        }
    }

    /** Writes down which letters there are, since retention may delete them before anybody has done anything about them. */
    private static void note(Operator operator, LetterStates states, Snapshot snapshot) {
        List<ProducerRecord<byte[], byte[]>> notes = new ArrayList<>();
        notes.add(states.topicNote());
        notes.addAll(states.unseen(snapshot.seen()));
        for (int from = 0; from < notes.size(); from += NOTES) {
            operator.note(notes.subList(from, Math.min(notes.size(), from + NOTES)));
        }
        states.seen(snapshot.seen());
    }

    private int maxLetterBytes() throws Exception {
        try {
            return Integer.parseInt(
                    cluster.config(topic.name()).getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0"));
        } catch (AuthorizationException e) {
            // Then the client's own limit holds, and a letter beyond it fails again.
            return 0;
        }
    }
}
