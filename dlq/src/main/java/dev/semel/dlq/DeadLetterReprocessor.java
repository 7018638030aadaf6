package dev.semel.dlq;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.internal.clients.ClientErrors;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.copy.Redriver;
import dev.semel.dlq.internal.copy.Snapshot;
import dev.semel.dlq.internal.inplace.InPlace;
import dev.semel.dlq.internal.inplace.KeptView;
import dev.semel.dlq.internal.letters.LetterTopic;
import dev.semel.dlq.internal.provenance.Readers;
import dev.semel.dlq.internal.state.LetterStates;
import dev.semel.dlq.internal.state.StateTopic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The letters of one topic: to be looked at, and redriven exactly once. It reads letters of Semel, Spring Kafka, Kafka Connect, Kafka
 * Streams, share groups and SmallRye.
 *
 * <p>Letters of our own groups that are kept, by {@link DeadLetters}, are in the state that their owner has written down, and only it
 * changes that. What has been done about other letters is kept in a compacted topic beside their own, {@code <letter topic>-state},
 * which the first redrive makes. To look needs no permission to write; who changes something is the only one who does: a second operator ends the
 * first, who is told so by an {@link OperatorFencedException}.
 *
 * <p>Letters are read as they are now, at {@code read_committed}, and streamed: memory holds some 40 bytes for each letter with a state
 * and each one selected, and no payloads. Thread-safe; a selection is for one thread.
 *
 * <p>Calls block, and throw {@link LettersRefusedException} for what has to be changed and {@link LettersUnavailableException} where the
 * cluster does not answer by the deadline.
 */
public final class DeadLetterReprocessor implements AutoCloseable {

    private final KafkaSettings kafka;
    private final Cluster cluster;
    private final LetterTopic topic;
    private final StateTopic stateTopic;
    private final Redriver redriver;
    private final InPlace inPlace;
    private final String actor;
    private final @Nullable LetterValidator edits;

    private DeadLetterReprocessor(Builder builder) {
        kafka = builder.kafka;
        actor = builder.actor;
        edits = builder.edits;
        cluster = new Cluster(kafka.admin(), () -> builder.deadline);
        topic = new LetterTopic(
                cluster, kafka, builder.letterTopic, new Readers(builder.readers), builder.deadline, builder.reading);
        stateTopic = new StateTopic(cluster, kafka, builder.letterTopic, builder.deadline, builder.reading);
        redriver = new Redriver(cluster, kafka, topic, stateTopic, builder.producers, builder.clock, builder.deadline);
        inPlace = new InPlace(
                cluster,
                kafka,
                builder.letterTopic,
                redriver,
                builder.stores,
                builder.producers,
                builder.deadline,
                builder.reading);
    }

    /**
     * Opens a letter topic.
     *
     * @param kafka how to reach the cluster: what its clients take; {@code bootstrap.servers} at least
     * @param letterTopic its name
     * @throws LettersRefusedException where there is no such topic
     */
    public static DeadLetterReprocessor open(Map<String, Object> kafka, String letterTopic) {
        return builder(kafka, letterTopic).open();
    }

    /** The same with more to say. */
    public static Builder builder(Map<String, Object> kafka, String letterTopic) {
        return new Builder(kafka, letterTopic);
    }

    /** The letters that are in no final state by fault, the newest fault first: a new one matters more than one more of an old one. */
    public List<LetterGroup> groups() {
        return groups(LetterFilter.state(LetterState.RESOLVED, LetterState.SENT, LetterState.DISCARDED)
                .not());
    }

    /** The same of the letters that match. */
    public List<LetterGroup> groups(LetterFilter filter) {
        var grouping = new Grouping();
        list(filter, grouping::add);
        return grouping.newestFirst();
    }

    /**
     * Hands out the letters that match, partition by partition, in their order, on this thread. What the taker throws ends it.
     */
    public void list(LetterFilter filter, Consumer<Letter> taker) {
        visit(letter -> {
            if (filter.matches(letter)) {
                taker.accept(letter);
            }
            return true;
        });
    }

    /** The same for as long as the taker says that it wants more. */
    public void listWhile(LetterFilter filter, Predicate<Letter> taker) {
        visit(letter -> !filter.matches(letter) || taker.test(letter));
    }

    /** The first letters that match, at most so many. */
    public List<Letter> list(LetterFilter filter, int limit) {
        if (limit < 1) {
            throw new ConfigurationException("list(): the limit " + limit + " must be at least 1");
        }
        var letters = new ArrayList<Letter>();
        visit(letter -> {
            if (filter.matches(letter)) {
                letters.add(letter);
            }
            return letters.size() < limit;
        });
        return letters;
    }

    /** A letter by its id. */
    public Optional<Letter> show(String id) {
        return calling("looking for a letter", () -> {
            Optional<Letter> letter = topic.find(id);
            return letter.isEmpty() ? letter : Optional.of(view().of(letter.get()));
        });
    }

    /** What was done about a letter last; empty where nothing was. */
    public Optional<StateChange> lastChange(String id) {
        return calling("looking for a letter", () -> topic.find(id)).flatMap(this::lastChange);
    }

    /** The same of one that is at hand. */
    public Optional<StateChange> lastChange(Letter letter) {
        return calling(
                "looking for the state of a letter",
                () -> inPlace.keeps(letter)
                        ? inPlace.lastChange(letter)
                        : stateTopic.lastChange(letter.id(), letter.position().partition()));
    }

    /**
     * Hands out what was done about letters, with the letter's id: those of a letter in their order.
     *
     * <p>Of letters that are kept it is what their owners have written down: the last change of each, whatever made it, until its end is
     * forgotten, see {@link DeadLetters.Builder#endsKeptFor}; where nobody asked for it, its actor is the group. They are found by the
     * letters of their group that are still in the topic. Of others it is what the topic of states has. That is compacted, so that of each
     * letter the last is there for good, and those before it for a while.
     */
    public void changes(BiConsumer<String, StateChange> taker) {
        calling("reading what was done about letters", () -> {
            inPlace.changes(topic, taker);
            stateTopic.changes(taker);
            return null;
        });
    }

    /** Chooses letters. */
    public LetterSelection select(LetterFilter filter) {
        return new LetterSelection(this, Objects.requireNonNull(filter, "filter"));
    }

    /**
     * Edits a letter: writes another, with another value or other headers, in its place. The new letter is open, has the old one as its
     * {@linkplain Letter#parentId parent}, and the place of that among the letters of its key; the old one is {@link LetterState#RESOLVED}
     * in the same transaction, as superseded. Off unless {@link Builder#edits} says what can be read; a letter that is kept is edited by its
     * owner, whose group has to {@linkplain DeadLetters.Builder#acceptEdits accept} that.
     *
     * <p>Edited are letters that are open, parked or quarantined. The key stays. Of a letter that is quarantined since the headers that
     * were added for it cannot be read, these can be mended, too. The new letter has a copy of nothing but what it needs: edited again and
     * again, its headers do not grow.
     *
     * @param id the letter's
     * @return what was done
     * @throws ConfigurationException where edits are off
     * @throws LettersRefusedException where there is no such letter, it is in another state, nothing would change, the validator, the
     *     owner or the topic refuses it: nothing was written
     * @throws NoOwnerException where the letter is kept, and its owner does not answer by the deadline; it may edit it all the same, when
     *     it comes
     * @throws OperatorFencedException where somebody else has begun to change letters
     */
    public LetterRevision edit(String id, LetterEdit edit) {
        Editing editing = editing(id, edit);
        return calling("editing a letter", () -> {
            @Nullable String keeper = editing.revision().keeper();
            if (keeper == null) {
                redriver.supersede(editing.supersession());
            } else {
                inPlace.edit(editing.supersession(), keeper);
            }
            return editing.revision();
        });
    }

    /** What {@link #edit} would do, with all checks but those of the owner: writes nothing. */
    public LetterRevision planEdit(String id, LetterEdit edit) {
        return editing(id, edit).revision();
    }

    private Editing editing(String id, LetterEdit edit) {
        if (edits == null) {
            throw Editing.isOff();
        }
        LetterValidator validator = edits;
        return calling("looking at a letter to edit", () -> {
            KeptView view = view();
            Letter letter = show(id).orElseThrow(() ->
                    new LettersRefusedException("there is no letter " + id + " in " + topic.name(), null));
            @Nullable String keeper = view.keeper(letter);
            return Editing.of(letter, redriver.record(letter), keeper, edit, actor, topic.readers())
                    .checkedBy(validator)
                    .checkedToFit(topic.readers(), redriver.maxBytes());
        });
    }

    /**
     * The ids of letters that retention deleted before anybody had done anything about them. Known of those that were there when somebody
     * redrove, parked or discarded letters of this topic.
     */
    public Collection<String> lost() {
        return calling("looking for lost letters", () -> {
            TopicDescription letters = topic.described();
            LetterStates states = stateTopic.viewed(letters);
            Map<Integer, Long> starts = topic.starts();
            var lost = new ArrayList<String>();
            states.lost(partition -> starts.getOrDefault(partition, 0L), lost::add);
            return lost;
        });
    }

    private void visit(LetterTopic.Visitor visitor) {
        calling("reading letters", () -> topic.visit(view(), visitor));
    }

    KeptView view() throws Exception {
        return inPlace.view(stateTopic.viewed(topic.described())::of);
    }

    Snapshot snapshot(Predicate<Letter> filter) {
        return calling("selecting letters", () -> Snapshot.take(topic, view(), filter));
    }

    Redriver redriver() {
        return redriver;
    }

    InPlace inPlace() {
        return inPlace;
    }

    String actor() {
        return actor;
    }

    <T> T calling(String what, Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw ClientErrors.translated(what + " of " + topic.name(), e);
        }
    }

    /** Closes its admin client; what runs on other threads fails. */
    @Override
    public void close() {
        cluster.close();
    }

    /** What a reprocessor is opened with. Not safe for use by several threads. */
    public static final class Builder {

        private final KafkaSettings kafka;
        private final String letterTopic;
        private final List<ProvenanceReader> readers = new ArrayList<>();
        private String actor = System.getProperty("user.name", "unknown");
        private InstantSource clock = InstantSource.system();
        private Duration deadline = Duration.ofSeconds(30);
        private @Nullable LetterValidator edits;
        private final InPlace.Names stores = new InPlace.Names();
        private Consumer<Reading> reading = far -> {};
        private Function<Map<String, Object>, Producer<byte[], byte[]>> producers =
                config -> new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());

        private Builder(Map<String, Object> kafka, String letterTopic) {
            this.kafka = new KafkaSettings(kafka);
            this.letterTopic = Objects.requireNonNull(letterTopic, "letterTopic");
            if (letterTopic.isBlank()) {
                throw new ConfigurationException("the letter topic has no name");
            }
        }

        /** Who does what is done, for those who look at a letter later. Default: the user of the operating system. */
        public Builder actor(String name) {
            if (name.isBlank()) {
                throw new ConfigurationException("actor(): say a name");
            }
            LetterSelection.checkLength("actor()", name);
            actor = name;
            return this;
        }

        /** Asks this reader before those for the known families, and after those that were added before. */
        public Builder provenance(ProvenanceReader reader) {
            readers.add(Objects.requireNonNull(reader, "reader"));
            return this;
        }

        /**
         * Where a group keeps the letters of a source topic, if it was told so by {@link DeadLetters.Builder#storeTopic}. Default: {@code
         * <group>.<topic>.letters}. Where that is not found, and the group has a topic of commands, calls end in a {@link
         * LettersRefusedException}, unless the store is named {@code none}: then its letters are taken for such as nobody keeps.
         */
        public Builder storeTopic(String group, String sourceTopic, String storeTopic) {
            if (group.isBlank() || sourceTopic.isBlank() || storeTopic.isBlank()) {
                throw new ConfigurationException(
                        "storeTopic(): '" + group + "', '" + sourceTopic + "', '" + storeTopic + "' must not be blank");
            }
            stores.put(group, sourceTopic, storeTopic);
            return this;
        }

        /** The wall clock, for the times of changes. Default: the system's. */
        public Builder clock(InstantSource source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /** How long the cluster may take to answer a question, or to give the next letter, and an owner to say that it is there. Default: 30 seconds. */
        public Builder deadline(Duration patience) {
            if (patience.isNegative() || patience.isZero()) {
                throw new ConfigurationException("deadline(" + patience + ") must be more than nothing");
            }
            deadline = patience;
            return this;
        }

        /**
         * Told now and then how far a reading is: of letters, and of what is known of them, which can be a million. It is called by
         * whoever reads, on its thread, and what it throws ends the reading. Default: nobody is told.
         */
        public Builder reading(Consumer<Reading> listener) {
            reading = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Lets letters be edited, see {@link DeadLetterReprocessor#edit}. Default: they are not.
         *
         * @param validator refuses what those who handle the letters could not read
         */
        public Builder edits(LetterValidator validator) {
            edits = Objects.requireNonNull(validator, "validator");
            return this;
        }

        /** For tests: makes the transactional producers. */
        Builder producers(Function<Map<String, Object>, Producer<byte[], byte[]>> factory) {
            producers = factory;
            return this;
        }

        /**
         * Opens it.
         *
         * @throws LettersRefusedException where there is no such topic, or no client can be made with these settings
         */
        public DeadLetterReprocessor open() {
            DeadLetterReprocessor opened;
            try {
                opened = new DeadLetterReprocessor(this);
            } catch (KafkaException e) {
                throw ClientErrors.translated("making a client for " + letterTopic + " at " + kafka.servers(), e);
            }
            try {
                opened.calling("looking at the topic", opened.topic::described);
                return opened;
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
        }
    }
}
