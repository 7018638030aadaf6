package dev.semel.dlq.internal.copy;

import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.internal.copy.OriginReader.Origin;
import dev.semel.dlq.internal.copy.OriginReader.Origin.Found;
import dev.semel.dlq.internal.copy.OriginReader.Origin.Missing;
import dev.semel.dlq.internal.letters.LetterReader;
import dev.semel.dlq.internal.letters.LetterTopic;
import dev.semel.dlq.internal.state.LetterStates;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the letters of a batch and decides about each. For one thread. */
final class Steps {

    static final String DELETED = "it was deleted from the letter topic meanwhile";

    private final RunSettings settings;
    private final LetterTopic topic;
    private final LetterReader letters;
    private final OriginReader origins;
    private final LetterStates states;
    private final Copies copies;
    private final Tally tally;

    Steps(
            RunSettings settings,
            LetterTopic topic,
            LetterReader letters,
            OriginReader origins,
            LetterStates states,
            Tally tally) {
        this.settings = settings;
        this.topic = topic;
        this.letters = letters;
        this.origins = origins;
        this.states = states;
        this.copies = new Copies(topic.readers());
        this.tally = tally;
    }

    /** What is to be done about some letters, in their order; those about which nothing is are counted. */
    List<Step> of(Snapshot snapshot, int[] batch) throws Exception {
        @Nullable Letter[] read = read(snapshot, batch);
        var steps = new ArrayList<Step>(batch.length);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < batch.length; i++) {
            @Nullable Letter letter = read[i];
            if (letter == null) {
                tally.skipped(DELETED);
            } else if (letter.state() == LetterState.SENT || ids.contains(letter.id())) {
                tally.duplicate(1);
            } else if (!settings.takes().contains(letter.state())) {
                tally.skipped(Tally.inState(letter.state()));
            } else if (!settings.takes().contains(snapshot.state(batch[i]))) {
                // Its owner says so, who is not asked here.
                tally.skipped(Tally.inState(snapshot.state(batch[i])));
            } else {
                @Nullable Step step = step(letter, snapshot.sequence(batch[i]));
                if (step != null) {
                    ids.add(letter.id());
                    steps.add(step);
                }
            }
        }
        return steps;
    }

    /** Forwards through the topic, in whatever order they are wanted. */
    private @Nullable Letter[] read(Snapshot snapshot, int[] batch) {
        @Nullable Letter[] read = new Letter[batch.length];
        List<Integer> forwards = IntStream.range(0, batch.length)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> snapshot.partition(batch[i]))
                        .thenComparingLong(i -> snapshot.offset(batch[i])))
                .toList();
        for (int i : forwards) {
            var partition = new TopicPartition(topic.name(), snapshot.partition(batch[i]));
            @Nullable ConsumerRecord<byte[], byte[]> record = letters.at(partition, snapshot.offset(batch[i]));
            read[i] = record == null ? null : states.of(topic.readers().letter(record));
        }
        return read;
    }

    private @Nullable Step step(Letter letter, long sequence) throws Exception {
        if (settings.targets() == null) {
            return new Step(letter, null, sequence);
        }
        @Nullable String origin = letter.origin() == null ? null : letter.origin().topic();
        Optional<Target> target = settings.targets().of(origin);
        if (target.isEmpty()) {
            tally.skipped(Targets.reason(origin));
            return null;
        }
        if (letter.content() == Content.WHOLE || letter.origin() == null) {
            return new Step(letter, copies.of(letter, target.get()), sequence);
        }
        Origin fetched = origins.fetch(letter, letter.origin());
        if (fetched instanceof Missing missing) {
            tally.skipped(missing.reason());
            if (missing.isLost()) {
                tally.lost(letter.id());
            }
            return null;
        }
        return new Step(letter, copies.of(letter, target.get(), ((Found) fetched).record()), sequence);
    }
}
