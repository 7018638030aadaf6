package dev.semel.dlq.internal.copy;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.RedrivePlan;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.clients.ClientErrors;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.copy.OriginReader.Origin;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
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

    /**
     * The record in a letter; from its origin where the letter has not all of it.
     *
     * @throws LettersRefusedException where it is in neither any more
     */
    public ConsumerRecord<byte[], byte[]> record(Letter letter) throws Exception {
        if (letter.content() == Content.OMITTED || letter.content() == Content.UNCERTAIN) {
            try (var origins = new OriginReader(cluster, kafka, deadline)) {
                @Nullable RecordPosition from = letter.origin();
                Origin origin = from == null ? Origin.Missing.GONE : origins.fetch(letter, from);
                if (origin instanceof Origin.Missing missing) {
                    throw new LettersRefusedException(
                            "letter " + letter.id() + " cannot be edited: " + missing.reason(), null);
                }
                return ((Origin.Found) origin).record();
            }
        }
        RecordPosition place = letter.origin() == null ? letter.position() : letter.origin();
        @Nullable Long timestamp = letter.originalTimestamp();
        var record = new ConsumerRecord<byte[], byte[]>(
                place.topic(), place.partition(), place.offset(), letter.key(), letter.value());
        boolean isOurs = letter.format() == LetterFormat.SEMEL;
        var headers = new RecordHeaders();
        for (Header header : letter.headers()) {
            boolean isLetters = topic.readers().isLetterHeader(header.key());
            if (!isLetters && !(isOurs && header.key().equals(DeadLetter.ID))) {
                headers.add(header);
            }
        }
        return Supersession.with(
                record, letter.value(), headers, timestamp == null ? ConsumerRecord.NO_TIMESTAMP : timestamp);
    }

    /**
     * Writes a letter in place of another that nobody keeps, and that this one is superseded: both, or nothing.
     *
     * @throws LettersRefusedException where the letter is not as it was, or its topic does not take the new one
     */
    public void supersede(Supersession supersession) throws Exception {
        TopicDescription letters = topic.described();
        stateTopic.prepare(letters);
        var producer =
                producers.apply(kafka.producer(Operator.transactionalId(topic.name()), maxLetterBytes(), deadline));
        String redriveId = supersession.redriveId();
        try (Operator operator = Operator.of(producer, stateTopic, topic.name(), redriveId, deadline);
                LetterReader reader = topic.reader()) {
            StateChange change = supersession.change(clock.instant());
            operator.note(List.of(stateTopic.operatorNote(change)));
            LetterStates states = stateTopic.restored(letters);
            supersession.checkUnchanged(topic, reader, states);
            Map<Integer, Exception> refused = operator.commit(List.of(
                    states.topicNote(),
                    supersession.revision(topic.readers()),
                    states.record(supersession.letter(), change)));
            if (!refused.isEmpty()) {
                throw new LettersRefusedException(
                        "topic " + topic.name() + " does not take the edited letter: "
                                + refused.values().iterator().next().getMessage() + "; nothing was changed",
                        null);
            }
        } catch (Exception e) {
            throw ClientErrors.translated(
                    "edit " + redriveId + " of " + supersession.letter().id(), e);
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

    /** The most bytes that a letter may have here, as far as that may be known. */
    public long maxBytes() throws Exception {
        int known = maxLetterBytes();
        return known == 0 ? Long.MAX_VALUE : known;
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
