package dev.semel.dlq.internal.inplace;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.Reading;
import dev.semel.dlq.RedrivePlan;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.clients.ClientErrors;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.command.LetterCommands;
import dev.semel.dlq.internal.copy.Redriver;
import dev.semel.dlq.internal.copy.RunSettings;
import dev.semel.dlq.internal.copy.Snapshot;
import dev.semel.dlq.internal.copy.Supersession;
import dev.semel.dlq.internal.copy.Tally;
import dev.semel.dlq.internal.letters.LetterTopic;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Has letters that are kept handled by their owners, and those that are not by a {@link Redriver}, in one run. Safe for use by several
 * threads; the last one to begin goes on.
 */
public final class InPlace {

    private final Cluster cluster;
    private final KafkaSettings kafka;
    private final String letterTopic;
    private final Redriver redriver;
    private final Map<Stores.Kept, String> names;
    private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;
    private final Duration deadline;
    private final Consumer<Reading> listener;

    /** Names of stores that are not named as they are by default. Not safe for use by several threads. */
    public static final class Names {

        private final Map<Stores.Kept, String> names = new HashMap<>();

        public void put(String group, String source, String store) {
            names.put(new Stores.Kept(group, source), store);
        }
    }

    /** @param listener told how far a reading is */
    public InPlace(
            Cluster cluster,
            KafkaSettings kafka,
            String letterTopic,
            Redriver redriver,
            Names names,
            Function<Map<String, Object>, Producer<byte[], byte[]>> producers,
            Duration deadline,
            Consumer<Reading> listener) {
        this.cluster = cluster;
        this.kafka = kafka;
        this.letterTopic = letterTopic;
        this.redriver = redriver;
        this.names = Map.copyOf(names.names);
        this.producers = producers;
        this.deadline = deadline;
        this.listener = listener;
    }

    /**
     * Letters as they are known now.
     *
     * @param others says what is known of those that are not kept
     */
    public KeptView view(LetterTopic.States others) {
        return new KeptView(new Stores(cluster, kafka, letterTopic, names, deadline, listener), others);
    }

    /** Whether its group keeps it. */
    public boolean keeps(Letter letter) throws Exception {
        return view(same -> same).kept(letter).isPresent();
    }

    /** What was done last about a letter that is kept; empty where nothing was, or it is forgotten. */
    public Optional<StateChange> lastChange(Letter letter) throws Exception {
        return view(same -> same).lastChange(letter);
    }

    /**
     * Hands out the last change of each letter that a group keeps which has letters in a topic, one partition of its store after the
     * other.
     */
    public void changes(LetterTopic letters, BiConsumer<String, StateChange> taker) throws Exception {
        KeptView view = view(same -> same);
        Set<Stores.Kept> stores = new LinkedHashSet<>();
        letters.visit(same -> same, letter -> {
            view.kept(letter).ifPresent(stores::add);
            return true;
        });
        for (Stores.Kept kept : stores) {
            for (int number = 0; ; number++) {
                Optional<Map<String, StateChange>> changes = view.changes(kept, number);
                if (changes.isEmpty()) {
                    break;
                }
                changes.get().forEach(taker);
            }
        }
    }

    /** Does it: what is kept in place, then the others. */
    public RedriveReport run(RunSettings settings, Snapshot snapshot) throws Exception {
        Snapshot kept = snapshot.kept();
        Snapshot others = snapshot.notKept();
        var tally = new Tally(settings.redriveId(), snapshot);
        if (kept.size() > 0) {
            Ending ending = run(settings, kept, others.size(), tally);
            if (ending != Ending.DONE || others.size() == 0) {
                return tally.report(ending);
            }
        }
        return redriver.run(settings.after(kept.size()), others, tally);
    }

    private Ending run(RunSettings settings, Snapshot kept, int others, Tally tally) {
        try {
            return new OwnersRun(
                            settings,
                            kept,
                            others,
                            tally,
                            this::commands,
                            cluster,
                            new CommandPaths(cluster, kafka.servers()),
                            deadline)
                    .run();
        } catch (Exception e) {
            throw ClientErrors.translated(
                    "redrive " + settings.redriveId() + " of " + letterTopic + ", after " + tally.appliedCount()
                            + " letter(s),",
                    e);
        }
    }

    /** Has the owner of a kept letter put another in its place. */
    public void edit(Supersession supersession, String group) {
        try {
            KeptView view = view(same -> same);
            long address = view.address(supersession.letter());
            @Nullable Uuid topic = view.topic(supersession.letter());
            new OwnersEdit(supersession, address, topic, group, kafka.servers(), cluster, deadline)
                    .run(bytes -> commands(group, bytes));
        } catch (Exception e) {
            throw ClientErrors.translated("edit " + supersession.redriveId() + " of " + letterTopic, e);
        }
    }

    private LetterCommands commands(String group) {
        return commands(group, 0);
    }

    private LetterCommands commands(String group, int maxBytes) {
        Map<String, Object> config = kafka.producer(LetterCommands.transactionalId(group), maxBytes, deadline);
        return new LetterCommands(group, () -> producers.apply(config), () -> kafka.consumer("earliest"));
    }

    /**
     * What a run would do.
     *
     * @param ofOthers what it would do about those that are not kept
     */
    public RedrivePlan plan(Snapshot kept, Set<LetterState> takes, RedrivePlan ofOthers) {
        var inPlace = new TreeMap<String, Long>();
        var skipped = new TreeMap<>(ofOthers.skipped());
        Set<Long> keys = new HashSet<>();
        long moved = 0;
        long waiting = 0;
        Turns turns = Turns.of(kept);
        for (int i = 0; i < turns.size(); i++) {
            int letter = turns.letter(i);
            if (!takes.contains(kept.state(letter))) {
                skipped.merge(Tally.inState(kept.state(letter)), 1L, Long::sum);
                continue;
            }
            moved++;
            inPlace.merge(String.valueOf(kept.keeper(letter)), 1L, Long::sum);
            if (keys.add(kept.sequence(letter))) {
                waiting += kept.waitingBehind(letter);
            }
        }
        return new RedrivePlan(
                ofOthers.selected() + kept.size(),
                ofOthers.toMove() + moved,
                ofOthers.duplicate() + turns.duplicates(),
                skipped,
                inPlace,
                ofOthers.targets(),
                ofOthers.toFetch(),
                ofOthers.keys() + keys.size(),
                waiting,
                ofOthers.reordered(),
                ofOthers.overtaken(),
                ofOthers.lost());
    }
}
